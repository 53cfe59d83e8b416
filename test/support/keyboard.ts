import type { Page } from "playwright-core";

/** An element that the keyboard passes, and what was wrong with it; nothing for most. */
type Stop = { readonly place: number; readonly name: string; readonly faults: readonly string[] };

/**
 * Goes through a page by Tab, from its top to its end, and says what a person with a keyboard would
 * miss: an element that is never reached, a focus that cannot be seen, one that something covers.
 */
export async function keyboardFaults(page: Page): Promise<readonly string[]> {
  const wanted: readonly string[] = await page.evaluate(LIST_STOPS);
  const reached = new Set<number>();
  const faults: string[] = [];
  for (let press = 0; press < wanted.length; press += 1) {
    await page.keyboard.press("Tab");
    const stop: Stop = await page.evaluate(LOOK_AT_FOCUS);
    reached.add(stop.place);
    faults.push(...stop.faults.map((fault) => `${stop.name} ${fault}`));
  }
  const missed = wanted.filter((_, place) => !reached.has(place));
  return [...missed.map((name) => `${name} is not reached by Tab`), ...faults];
}

/** Everything that Tab should stop at, in order. The next Tab then starts at the top. */
const LIST_STOPS = `(() => {
  const candidates = "a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex]";
  window.stops = [...document.querySelectorAll(candidates)].filter((element) =>
    element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }));
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
  return window.stops.map((element) => element.outerHTML.slice(0, 120));
})()`;

const LOOK_AT_FOCUS = `(() => {
  const element = document.activeElement;
  const faults = [];
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!outlined) faults.push("shows no focus");
  const box = [...element.getClientRects()].find(({ width, height }) => width > 0 && height > 0);
  if (!box) faults.push("has no size");
  else {
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    const shown = document.elementFromPoint(x, (top + bottom) / 2);
    if (bottom <= top || x < box.left || x > box.right) faults.push("is outside of the window");
    else if (!element.contains(shown) && !shown?.contains(element)) faults.push("is covered by " + shown?.outerHTML.slice(0, 80));
  }
  return { place: window.stops.indexOf(element), name: element.outerHTML.slice(0, 120), faults };
})()`;
