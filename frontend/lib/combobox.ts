/**
 * The ARIA 1.2 combobox pattern over an input and a listbox whose options come and go.
 * The options are links or buttons that work on their own: choosing one clicks it.
 */
export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  #active = -1;

  constructor(input: HTMLInputElement, list: HTMLElement) {
    this.#input = input;
    this.#list = list;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>("[role=option]")].filter(
      (option) => !isHidden(option),
    );
  }

  get isOpen(): boolean {
    return this.#input.getAttribute("aria-expanded") === "true";
  }

  /** Call when the options changed: numbers them anew and shows the list if there is one. */
  refresh(): void {
    this.options.forEach((option, index) => {
      option.id = `${this.#list.id}-${index}`;
      option.setAttribute("aria-selected", "false");
    });
    this.#mark(-1);
    this.#show(this.options.length > 0);
  }

  close(): void {
    this.#mark(-1);
    this.#show(false);
  }

  #show(open: boolean): void {
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
  }

  #mark(index: number): void {
    const options = this.options;
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = options[index];
    if (option === undefined) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      if (!this.isOpen) this.#show(true);
      const next = this.#active + (event.key === "ArrowDown" ? 1 : -1);
      // One step beyond either end is the input itself.
      this.#mark(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Enter" && this.isOpen && this.#active >= 0) {
      event.preventDefault();
      this.options[this.#active]?.click();
    } else if (event.key === "Escape" && this.isOpen && !this.#list.closest("dialog")) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }
}

function isHidden(element: HTMLElement): boolean {
  for (let at: HTMLElement | null = element; at; at = at.parentElement) {
    if (at.hidden && at.getAttribute("role") !== "listbox") return true;
  }
  return false;
}
