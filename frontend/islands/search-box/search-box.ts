import { Combobox } from "../../lib/combobox.ts";

/** Suggestions under a search form. The form works alone; htmx brings the list (hx-get of its input). */
class SearchBox extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    const list = this.querySelector<HTMLElement>("[role=listbox]");
    if (input === null || list === null) return;
    const combobox = new Combobox(input, list);
    list.addEventListener("htmx:afterSwap", () => {
      if (document.activeElement === input && input.value.trim() !== "") combobox.refresh();
      else combobox.close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      // A search field would empty itself first.
      event.preventDefault();
      input.blur();
    });
    this.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) combobox.close();
    });
    // A click must reach its link before the field loses focus and the list goes.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
  }
}

customElements.define("search-box", SearchBox);
