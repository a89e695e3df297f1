const ATTRIBUTES: Record<string, string> = { theme: "theme", density: "density", single_keys: "singleKeys" };
const YEAR_IN_SECONDS = 31_536_000;

/** Theme, density and single keys change at once, and in a cookie so that the server renders them next time. */
export function startAppearance(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-appearance]")) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
      const value = data.get(name);
      if (typeof value === "string") choose(name, attribute, value);
    }
  });
}

function choose(name: string, attribute: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox 120 or Safari 17.5
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_IN_SECONDS}; samesite=lax${secure}`;
  document.documentElement.dataset[attribute] = value;
  for (const button of document.querySelectorAll<HTMLButtonElement>(
    `[data-appearance] button[name="${name}"]`,
  )) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}
