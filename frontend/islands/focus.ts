import { element } from "../lib/dom.ts";
import { htmx } from "../lib/htmx.ts";

type Swap = CustomEvent<{ target: Element }>;
type Failed = CustomEvent<{ elt: HTMLElement; target: Element; xhr: XMLHttpRequest }>;

let focusWasInside = false;

/**
 * What htmx swaps keeps the place of whoever reads: busy while it waits, focus on the new heading when the
 * old place went, on the summary when a form was refused, and one line with a way on when nothing came.
 */
export function keepPlaceOnSwap(): void {
  on("htmx:beforeRequest", (event: Failed) => setBusy(event, true));
  on("htmx:afterRequest", (event: Failed) => setBusy(event, false));
  on("htmx:beforeSwap", (event: Swap) => {
    focusWasInside = event.detail.target.contains(document.activeElement);
  });
  on("htmx:afterSettle", (event: Swap) => {
    if (event.target instanceof Element) settleFocus(event.target);
  });
  on("htmx:responseError", (event: Failed) => showFailure(event, sentence(event.detail.xhr)));
  on("htmx:sendError", (event: Failed) =>
    showFailure(event, "The server did not answer. What is shown may be old."),
  );
}

function on<Detail extends CustomEvent>(name: string, listener: (event: Detail) => void): void {
  document.addEventListener(name, (event) => listener(event as Detail));
}

function setBusy(event: Failed, busy: boolean): void {
  const { elt, target } = event.detail;
  if (elt.closest("[data-quiet]")) return;
  if (busy) target.setAttribute("aria-busy", "true");
  else target.removeAttribute("aria-busy");
}

function settleFocus(region: Element): void {
  const summary = region.querySelector<HTMLElement>(".problem-summary");
  const lost =
    focusWasInside && (document.activeElement === null || document.activeElement === document.body);
  const place = summary ?? (lost ? region.querySelector<HTMLElement>("[data-focus], h1, h2, h3") : null);
  if (place === null) return;
  place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: summary === null });
}

/** The server words its own errors as plain text; anything else gets the general sentence. */
function sentence(request: XMLHttpRequest): string {
  const plain = request.getResponseHeader("Content-Type")?.startsWith("text/plain") ?? false;
  return plain && request.responseText
    ? request.responseText
    : "Something broke on our side. Nothing was changed.";
}

function showFailure(event: Failed, words: string): void {
  const { elt, target } = event.detail;
  if (elt.closest("[data-quiet]")) return;
  const again = element("button", { type: "button", class: "btn small" }, "Try again");
  const line = element(
    "p",
    { class: "request-failed", role: "alert", "data-request-failed": "" },
    element("span", {}, words),
    again,
  );
  again.addEventListener("click", () => {
    line.remove();
    if (elt instanceof HTMLFormElement) elt.requestSubmit();
    else if (elt.matches("a, button")) elt.click();
    else htmx.trigger(elt, "load");
  });
  if (target.previousElementSibling?.matches("[data-request-failed]")) target.previousElementSibling.remove();
  target.before(line);
}
