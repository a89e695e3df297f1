const MINUTE_MS = 60_000;

/** Times of the last day stay true while the page is open; the words are those of the server's `reltime`. */
export function keepTimesTrue(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-live]")) {
      const words = relative(Date.now() - Date.parse(time.dateTime));
      if (words !== null && words !== time.textContent) time.textContent = words;
    }
  }, MINUTE_MS);
}

/** Words for a distance in milliseconds into the past; null for a day or more, which needs the calendar. */
export function relative(distance: number): string | null {
  const minutes = Math.floor(Math.abs(distance) / MINUTE_MS);
  if (minutes < 1) return "just now";
  if (minutes >= 1440) return null;
  const amount = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  return distance > 0 ? `${amount} ago` : `in ${amount}`;
}
