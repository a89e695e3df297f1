const TOAST_MS = 8000;

/** Small manners of the frame: menus close when left, toasts go, dialogs close by their button. */
export function startPage(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    event.target.closest("[data-close]")?.closest("dialog")?.close();
  });
  document.addEventListener("htmx:load", dismissToasts);
  dismissToasts();
}

function dismissToasts(): void {
  for (const toast of document.querySelectorAll<HTMLElement>(".toast:not([data-leaving])")) {
    toast.dataset.leaving = "";
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}
