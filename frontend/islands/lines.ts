/** Lights the lines of `#L10-L20`, which no element's id can be, and shows the first of them. */
export function lightLines(): void {
  window.addEventListener("hashchange", light);
  light();
}

function light(): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-lit]")) delete line.dataset.lit;
  const range = /^#L(\d+)-L(\d+)$/.exec(location.hash);
  if (range === null) return;
  const [first, last] = [Number(range[1]), Number(range[2])].sort((a, b) => a - b) as [number, number];
  for (const line of document.querySelectorAll<HTMLElement>(".listing .line")) {
    const number = Number(line.id.slice(1));
    if (number >= first && number <= last) line.dataset.lit = "";
  }
  document.getElementById(`L${first}`)?.scrollIntoView({ block: "center" });
}
