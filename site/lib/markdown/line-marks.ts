/** Wraps the lines whose numbers, from 1, are in `marked`. Elements that span lines are closed and opened anew. */
export function markLines(html: string, marked: ReadonlySet<number>): string {
  const open: string[] = [];
  return html
    .split("\n")
    .map((line, index, lines) => {
      const before = open.join("");
      for (const [tag] of line.matchAll(/<\/?[a-z][^>]*>/g)) {
        if (tag.startsWith("</")) open.pop();
        else open.push(tag);
      }
      const whole = before + line + closing(open);
      const end = index < lines.length - 1 ? "\n" : "";
      return marked.has(index + 1) ? `<mark class="code-mark">${whole}${end}</mark>` : whole + end;
    })
    .join("");
}

/** What `2,4-6` names; undefined for what is no such list. Numbers are from 1 and rise in a range. */
export function lineNumbers(text: string): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const [, from, to = from] = /^\s*([1-9]\d{0,4})\s*(?:-\s*([1-9]\d{0,4})\s*)?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from)) return undefined;
    for (let number = Number(from); number <= Number(to); number += 1) numbers.add(number);
  }
  return numbers;
}

function closing(open: readonly string[]): string {
  return open
    .map((tag) => `</${/^<([a-z]+)/.exec(tag)?.[1]}>`)
    .reverse()
    .join("");
}
