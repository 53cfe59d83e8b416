import { search } from "../lib/search/ranking.ts";
import { loadIndex, resultItem } from "./search/results.client.ts";

/** More results than anybody reads. */
const MOST = 30;

type Parts = {
  readonly input: HTMLInputElement;
  readonly status: HTMLElement;
  readonly results: HTMLElement;
  readonly everything: HTMLElement;
};

/**
 * Finds while somebody types. The index is fetched with the first word. The address of the page says
 * what was looked for, so that it can be kept, sent and gone back to.
 */
function enhance(form: HTMLFormElement, parts: Parts): void {
  const { input, status, results, everything } = parts;
  let latest = 0;

  const show = async (): Promise<void> => {
    const typed = input.value.trim();
    latest += 1;
    const mine = latest;
    if (typed === "") {
      status.textContent = "";
      results.replaceChildren();
      everything.hidden = false;
      return;
    }
    try {
      const found = search(await loadIndex(), typed);
      if (mine !== latest) return;
      results.replaceChildren(...found.slice(0, MOST).map((result) => resultItem(result, 2)));
      status.textContent = sentence(found.length, typed);
      everything.hidden = found.length > 0;
    } catch {
      if (mine !== latest) return;
      status.textContent = "The search could not be loaded. Everything is in the list below.";
      everything.hidden = false;
    }
  };

  const remember = (): void => {
    const address = new URL(location.href);
    if (input.value.trim() === "") address.searchParams.delete("q");
    else address.searchParams.set("q", input.value.trim());
    history.replaceState(undefined, "", address);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    remember();
    void show();
  });
  input.addEventListener("input", () => {
    remember();
    void show();
  });
  // A browser that comes back to the page may have kept what was typed.
  input.value = new URL(location.href).searchParams.get("q") ?? input.value;
  if (input.value === "") input.focus({ preventScroll: true });
  void show();
}

function sentence(count: number, typed: string): string {
  if (count === 0) return `Nothing fits “${typed}”. Here is everything.`;
  const pages = count === 1 ? "1 page fits" : `${count} pages fit`;
  const shown = count > MOST ? `, here are the best ${MOST}` : "";
  return `${pages} “${typed}”${shown}.`;
}

const form = document.querySelector<HTMLFormElement>("form[data-search]");
const input = form?.querySelector<HTMLInputElement>("input[name=q]");
const [status, results, everything] = ["search-status", "search-results", "everything"].map((id) =>
  document.getElementById(id),
);
if (form && input && status && results && everything) {
  enhance(form, { input, status, results, everything });
}
