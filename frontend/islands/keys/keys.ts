import { element, isTyping } from "../../lib/dom.ts";
import { type Binding, controls, ITEM, liveBindings } from "./bindings.ts";

const CHORD_MS = 1200;
const APPLE = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const ARROWS: Record<string, string> = { ArrowDown: "j", ArrowUp: "k" };
let chord: { key: string; at: number } | null = null;

/** Listens for keys, writes `aria-keyshortcuts`, and fills the sheet behind the `[data-key=keys]` control. */
export function startKeys(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterSettle", labelControls);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-key=keys]")) showSheet();
  });
  labelControls();
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const modified = event.ctrlKey || event.metaKey;
  if (document.querySelector("dialog[open]") !== null) return;
  if (event.key === "Escape" && !modified) {
    onEscape();
    return;
  }
  if (!modified && isTyping(event.target)) return;
  const binding = find(pressed(event, modified));
  if (binding === undefined || !(binding.always || singleKeys())) return;
  const control = controlOf(binding);
  if (control === null) return;
  event.preventDefault();
  run(binding, control);
}

function singleKeys(): boolean {
  return document.documentElement.dataset.singleKeys !== "off";
}

/** The key as the registry writes it, with the `g` of a moment ago in front. */
function pressed(event: KeyboardEvent, modified: boolean): string {
  if (modified) return `Mod+${event.key.toLowerCase()}`;
  // Arrows scroll the page until something in the list has the focus.
  const key = (itemInFocus() && ARROWS[event.key]) || event.key;
  const combined = chord && event.timeStamp - chord.at < CHORD_MS ? `${chord.key} ${key}` : key;
  chord = key === "g" ? { key, at: event.timeStamp } : null;
  return combined;
}

function find(keys: string): Binding | undefined {
  return liveBindings().find((binding) => binding.keys === keys);
}

function itemInFocus(): Element | null {
  return document.activeElement?.closest(ITEM) ?? null;
}

function controlOf(binding: Binding): HTMLElement | null {
  if (binding.does === "next" || binding.does === "previous") return neighbour(binding);
  const item = binding.ofItem ? (itemInFocus() ?? document.querySelector(`${ITEM}[data-selected]`)) : null;
  return controls(binding, item ?? document)[0] ?? null;
}

function neighbour(binding: Binding): HTMLElement | null {
  const all = controls(binding);
  const here = all.findIndex((link) => link.closest(ITEM) === itemInFocus());
  return all[here < 0 ? 0 : here + (binding.does === "next" ? 1 : -1)] ?? null;
}

function run(binding: Binding, control: HTMLElement): void {
  if (binding.does === "click") {
    control.click();
    return;
  }
  control.focus({ preventScroll: binding.does !== "focus" });
  if (control instanceof HTMLInputElement && control.type === "search") control.select();
  if (binding.does !== "focus") control.closest(ITEM)?.scrollIntoView({ block: "nearest" });
}

function onEscape(): void {
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  } else if (document.activeElement instanceof HTMLElement) {
    document.activeElement.blur();
  }
}

function labelControls(): void {
  for (const binding of liveBindings()) {
    // A chord cannot be said in this attribute: a space there means "or".
    if (binding.keys.includes(" ") || !(binding.always || singleKeys())) continue;
    const said = binding.keys.replace(/^Mod\+k$/, "Control+K Meta+K");
    for (const control of controls(binding)) {
      const move = binding.does === "next" || binding.does === "previous";
      if (!move) control.setAttribute("aria-keyshortcuts", said);
    }
  }
}

function showSheet(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#keys");
  const body = dialog?.querySelector("[data-keys]");
  if (!dialog || !body) return;
  const live = liveBindings();
  const groups = [...new Set(live.map((binding) => binding.group))];
  body.replaceChildren(
    ...groups.map((name) =>
      section(
        name,
        live.filter((binding) => binding.group === name),
      ),
    ),
  );
  dialog.showModal();
}

function section(name: string, bindings: Binding[]): HTMLElement {
  const list = element("dl", {});
  for (const binding of bindings) {
    const keys = binding.keys
      .split(" ")
      .map((key) => element("kbd", {}, key.replace("Mod+k", APPLE ? "⌘ K" : "Ctrl K")));
    list.append(element("dt", {}, binding.label), element("dd", {}, ...keys));
  }
  return element("section", {}, element("h3", {}, name), list);
}
