import { Combobox } from "../../lib/combobox.ts";
import { element } from "../../lib/dom.ts";

/** Pages, the actions of this page, and entities, in one list: Ctrl or Command and K. */
class CommandPalette extends HTMLElement {
  connectedCallback(): void {
    const dialog = this.querySelector("dialog");
    const input = this.querySelector("input");
    const list = this.querySelector<HTMLElement>("[role=listbox]");
    if (dialog === null || input === null || list === null) return;
    const combobox = new Combobox(input, list);
    const narrow = () => {
      showMatching(list, input.value);
      combobox.refresh();
    };
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element) || !event.target.closest("[data-key=commands]")) return;
      collectActions(list, dialog);
      input.value = "";
      list.querySelector("[data-part=entities]")?.replaceChildren();
      dialog.showModal();
      input.focus();
      narrow();
    });
    input.addEventListener("input", narrow);
    list.addEventListener("htmx:afterSwap", narrow);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}

/** Options for what can be pressed on this page: whatever carries `data-command`, by its own words. */
function collectActions(list: HTMLElement, dialog: HTMLDialogElement): void {
  const part = list.querySelector<HTMLElement>("[data-part=actions] > div");
  if (part === null) return;
  const options = [
    ...document.querySelectorAll<HTMLElement>("main [data-command], header [data-command]"),
  ].map((control) => {
    const label = control.dataset.command || control.getAttribute("aria-label") || control.textContent || "";
    const option = element("button", { type: "button", role: "option", class: "option", tabindex: "-1" });
    option.append(element("span", {}), element("span", { class: "name" }, label.trim()), element("span", {}));
    option.addEventListener("click", () => {
      dialog.close();
      control.click();
    });
    return option;
  });
  part.replaceChildren(...options);
}

/** Hides the pages and actions without the words, and parts without options. Entities come filtered. */
function showMatching(list: HTMLElement, words: string): void {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of list.querySelectorAll<HTMLElement>("[data-part]")) {
    const options = [...part.querySelectorAll<HTMLElement>("[role=option]")];
    if (part.dataset.part !== "entities") {
      for (const option of options) {
        const text = (option.textContent ?? "").toLowerCase();
        option.hidden = !wanted.every((word) => text.includes(word));
      }
    }
    part.hidden = part.dataset.part !== "entities" && options.every((option) => option.hidden);
  }
}

customElements.define("command-palette", CommandPalette);
