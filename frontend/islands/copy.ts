import { announce } from "../lib/dom.ts";

const SHOWN_MS = 2000;

/** A button with `data-copy` copies that text, or with `data-copy-from` the text of the element with that id. */
export function startCopying(): void {
  document.addEventListener("click", (event) => {
    const button =
      event.target instanceof Element
        ? event.target.closest<HTMLElement>("[data-copy], [data-copy-from]")
        : null;
    if (button) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(textOf(button));
    announce("Copied");
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, SHOWN_MS);
  } catch {
    announce("Your browser did not let this page copy. Select the text and copy it yourself.");
  }
}

function textOf(button: HTMLElement): string {
  const from = button.dataset.copyFrom;
  if (from) return document.getElementById(from)?.textContent ?? "";
  const text = button.dataset.copy ?? "";
  return button.dataset.key === "copy-link" ? new URL(text, location.href).href : text;
}
