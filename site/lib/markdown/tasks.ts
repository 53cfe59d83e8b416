import type MarkdownIt from "markdown-it";
import type { CoreState } from "./env.ts";

/** List items that begin with `[ ]` or `[x]` are things to do and done: a mark, not a box to tick. */
export function addTasks(markdown: MarkdownIt): void {
  markdown.core.ruler.after("inline", "tasks", (state) => {
    for (const [index, token] of state.tokens.entries()) {
      if (token.type === "list_item_open") markTask(state, index);
    }
  });
  markdown.renderer.rules.task_mark = (tokens, index) => {
    const mark: TaskMark | undefined = tokens[index]?.meta;
    const label = mark?.label ?? "To do";
    const kind = label === "Done" ? "task-mark task-done" : "task-mark";
    return `<span class="${kind}" role="img" aria-label="${label}"></span>`;
  };
}

type TaskMark = { readonly label: "To do" | "Done" };

function markTask(state: CoreState, index: number): void {
  const [item, , inline] = state.tokens.slice(index, index + 3);
  const first = inline?.children?.[0];
  const found = first?.type === "text" ? /^\[([ xX])\]\s+/.exec(first.content) : null;
  if (item === undefined || inline?.children == null || first === undefined || found === null)
    return;
  const label = found[1] === " " ? "To do" : "Done";
  first.content = first.content.slice(found[0].length);
  const mark = new state.Token("task_mark", "span", 0);
  mark.meta = { label } satisfies TaskMark;
  inline.children.unshift(mark);
  item.attrJoin("class", "task");
}
