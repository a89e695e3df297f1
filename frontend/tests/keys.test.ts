import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BINDINGS, liveBindings } from "../islands/keys/bindings.ts";
import { startKeys } from "../islands/keys/keys.ts";
import { element } from "../lib/dom.ts";

let pressed: string[];

beforeAll(() => {
  // happy-dom draws nothing, so everything counts as visible.
  HTMLElement.prototype.checkVisibility ??= () => true;
  startKeys();
});

beforeEach(() => {
  pressed = [];
  delete document.documentElement.dataset.singleKeys;
  document.body.replaceChildren();
});

function control(attributes: Record<string, string>, parent: Element = document.body): HTMLElement {
  const button = element("button", attributes);
  button.addEventListener("click", () => pressed.push(attributes["data-key"] ?? attributes["data-go"] ?? ""));
  parent.append(button);
  return button;
}

function key(name: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init }));
}

it("has one meaning for each key", () => {
  const keys = BINDINGS.map((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

describe.each(BINDINGS.filter((binding) => binding.does === "click" && !binding.ofItem))(
  "the key $keys",
  (binding) => {
    const name = /data-key=([\w-]+)/.exec(binding.control)?.[1] as string;
    const init = { ctrlKey: binding.keys.startsWith("Mod+") };
    const letter = binding.keys.replace("Mod+", "");

    it("presses its visible control", () => {
      control({ "data-key": name });
      key(letter, init);
      expect(pressed.at(0)).toBe(name);
    });

    it("does nothing where its control is not on the page", () => {
      key(letter, init);
      expect(pressed).toEqual([]);
      expect(liveBindings()).not.toContain(binding);
    });
  },
);

it("goes to a place with g and its letter", () => {
  control({ "data-go": "r" });
  key("g");
  key("r");
  expect(pressed).toEqual(["r"]);
});

it("moves through items and acts on the one in focus", () => {
  for (const name of ["one", "two"]) {
    const item = element("div", { "data-item": "" });
    item.append(element("a", { href: "#", "data-item-link": "" }, name));
    control({ "data-key": "preview", id: `preview-${name}` }, item);
    document.body.append(item);
  }
  document.getElementById("preview-two")?.addEventListener("click", () => pressed.push("two"));
  key("j");
  expect(document.activeElement?.textContent).toBe("one");
  key("j");
  expect(document.activeElement?.textContent).toBe("two");
  key("p");
  expect(pressed).toContain("two");
  key("k");
  expect(document.activeElement?.textContent).toBe("one");
});

it("leaves keys alone while somebody types", () => {
  control({ "data-key": "waiting" });
  const input = element("input", {});
  document.body.append(input);
  key("w", {}, input);
  expect(pressed).toEqual([]);
});

it("keeps only Ctrl K when single keys are off", () => {
  document.documentElement.dataset.singleKeys = "off";
  control({ "data-key": "waiting" });
  control({ "data-key": "commands" });
  key("w");
  key("k", { ctrlKey: true });
  expect(pressed).toEqual(["commands"]);
});
