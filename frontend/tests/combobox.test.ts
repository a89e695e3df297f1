import { beforeEach, expect, it } from "vitest";
import { Combobox } from "../lib/combobox.ts";
import { element } from "../lib/dom.ts";

let input: HTMLInputElement;
let list: HTMLElement;
let combobox: Combobox;
let clicked: string[];

beforeEach(() => {
  input = element("input", { type: "search" });
  list = element("div", { id: "list", role: "listbox" });
  list.hidden = true;
  document.body.replaceChildren(input, list);
  combobox = new Combobox(input, list);
  clicked = [];
  for (const name of ["trips", "stations"]) {
    const option = element("a", { role: "option" }, name);
    option.addEventListener("click", () => clicked.push(name));
    list.append(option);
  }
});

function press(key: string): void {
  input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function active(): string | null | undefined {
  return document.getElementById(input.getAttribute("aria-activedescendant") ?? "")?.textContent;
}

it("opens with options and says so", () => {
  combobox.refresh();
  expect(list.hidden).toBe(false);
  expect(input.getAttribute("aria-expanded")).toBe("true");
  expect(active()).toBeUndefined();
});

it("stays closed without options", () => {
  list.replaceChildren();
  combobox.refresh();
  expect(input.getAttribute("aria-expanded")).toBe("false");
});

it("walks with arrows, through the input at either end", () => {
  combobox.refresh();
  const walked = ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"].map((key) => {
    press(key);
    return active();
  });
  expect(walked).toEqual(["trips", "stations", undefined, "trips", undefined, "stations"]);
});

it("chooses the marked option with Enter, and none when none is marked", () => {
  combobox.refresh();
  press("Enter");
  expect(clicked).toEqual([]);
  press("ArrowDown");
  press("Enter");
  expect(clicked).toEqual(["trips"]);
});

it("closes with Escape and opens again with an arrow", () => {
  combobox.refresh();
  press("Escape");
  expect(list.hidden).toBe(true);
  press("ArrowDown");
  expect(list.hidden).toBe(false);
  expect(active()).toBe("trips");
});

it("leaves hidden options out", () => {
  (list.firstElementChild as HTMLElement).hidden = true;
  combobox.refresh();
  press("ArrowDown");
  expect(active()).toBe("stations");
});
