/** One row makes the handler, the line in the `?` sheet and `aria-keyshortcuts`. */
export type Binding = {
  keys: string;
  label: string;
  group: "Everywhere" | "Lists" | "Notebook";
  /** The visible control: without it on the page the key does nothing and is not listed. */
  control: string;
  /** What the key does to the control; `next` and `previous` walk over all that match. */
  does: "click" | "focus" | "next" | "previous";
  /** The control of the item that has the focus, not the first on the page. */
  ofItem?: true;
  /** Works with "Single keys" off, too. */
  always?: true;
};

export const ITEM = "[data-item]";

export const BINDINGS: readonly Binding[] = [
  { keys: "/", label: "Search", group: "Everywhere", control: "[data-key=search]", does: "focus" },
  {
    keys: "Mod+k",
    label: "Commands",
    group: "Everywhere",
    control: "[data-key=commands]",
    does: "click",
    always: true,
  },
  {
    keys: "w",
    label: "What waits for you",
    group: "Everywhere",
    control: "[data-key=waiting]",
    does: "click",
  },
  {
    keys: "y",
    label: "Copy the permanent link",
    group: "Everywhere",
    control: "[data-key=copy-link]",
    does: "click",
  },
  { keys: "?", label: "These keys", group: "Everywhere", control: "[data-key=keys]", does: "click" },
  { keys: "j", label: "Next", group: "Lists", control: `${ITEM} [data-item-link]`, does: "next" },
  { keys: "k", label: "Previous", group: "Lists", control: `${ITEM} [data-item-link]`, does: "previous" },
  { keys: "p", label: "Preview", group: "Lists", control: "[data-key=preview]", does: "click", ofItem: true },
  { keys: "o", label: "Unfold why", group: "Lists", control: "[data-key=why]", does: "click", ofItem: true },
  { keys: "f", label: "First filter", group: "Lists", control: "[data-key=facet]", does: "focus" },
  { keys: "s", label: "Save this search", group: "Lists", control: "[data-key=save-search]", does: "click" },
  { keys: "[", label: "Page before", group: "Lists", control: "[data-key=previous-page]", does: "click" },
  { keys: "]", label: "Page after", group: "Lists", control: "[data-key=next-page]", does: "click" },
  {
    keys: "e",
    label: "Unfold the cell",
    group: "Notebook",
    control: "[data-key=unfold]",
    does: "click",
    ofItem: true,
  },
];

/** `g`, then the letter of a place: read from the navigation, so a place that is not there has no key. */
export function placeBindings(): Binding[] {
  return [...document.querySelectorAll<HTMLElement>("[data-go]")].map((place) => ({
    keys: `g ${place.dataset.go}`,
    label: `Go to ${place.dataset.label ?? place.textContent?.trim() ?? ""}`,
    group: "Everywhere",
    control: `[data-go="${place.dataset.go}"]`,
    does: "click",
  }));
}

/** The bindings whose control is on the page now and can be reached by pointer, too. */
export function liveBindings(): Binding[] {
  return [...BINDINGS, ...placeBindings()].filter((binding) => controls(binding).length > 0);
}

/** What the binding is about, without what this width of the page leaves out. */
export function controls({ control }: Binding, within: ParentNode = document): HTMLElement[] {
  const closed = "details:not([open]) > :not(summary)";
  return [...within.querySelectorAll<HTMLElement>(control)].filter(
    // What lies in a closed menu is one click away, not left out.
    (found) => found.closest(closed) !== null || found.checkVisibility(),
  );
}
