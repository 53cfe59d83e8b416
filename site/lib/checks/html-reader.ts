import { Tokenizer } from "htmlparser2";

/** An element as it begins: its name in lower case, its attributes, and its start tag's place. */
export type Start = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** An attribute that was written twice. */
  readonly repeated: string | undefined;
  /** Ends with a slash, as if it had no content. */
  readonly closed: boolean;
  readonly offset: number;
  readonly end: number;
};

/** What a reading tells, in the order of the page. Offsets count UTF-16 units from the page's beginning. */
export type Listener = {
  readonly start: (element: Start) => void;
  readonly end: (tag: string, offset: number) => void;
  readonly text: (text: string) => void;
  /** A tag or a comment that begins there, and that the page ends in. */
  readonly unfinished?: (kind: "tag" | "comment", offset: number) => void;
};

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Reads a page once and tells of each start tag, end tag and text, as they are written: it mends nothing.
 * Built on the tokenizer alone, which halves the time of the parser, and the parser would hide what is
 * wrong.
 */
export function readHtml(html: string, listener: Listener): void {
  let tag = "";
  let offset = 0;
  let attributes: Record<string, string> | undefined;
  let repeated: string | undefined;
  let name = "";
  let value = "";
  let foreign = 0;
  let isInTag = false;
  const finish = (end: number, closed: boolean) => {
    isInTag = false;
    const isForeign = tag === "svg" || tag === "math";
    if (isForeign && !closed) foreign += 1;
    listener.start({ tag, attributes: attributes ?? NONE, repeated, closed, offset, end: end + 1 });
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = html.slice(start, end).toLowerCase();
        offset = start - 1;
        isInTag = true;
        attributes = undefined;
        repeated = undefined;
      },
      onattribname(start, end) {
        name = html.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codePoint) {
        value += String.fromCodePoint(codePoint);
      },
      onattribend() {
        attributes ??= {};
        if (Object.hasOwn(attributes, name)) repeated = name;
        else attributes[name] = value;
      },
      onopentagend(end) {
        finish(end, false);
      },
      onselfclosingtag(end) {
        finish(end, true);
      },
      onclosetag(start, end) {
        const closing = html.slice(start, end).toLowerCase();
        if ((closing === "svg" || closing === "math") && foreign > 0) foreign -= 1;
        listener.end(closing, start - 2);
      },
      ontext(start, end) {
        listener.text(html.slice(start, end));
      },
      ontextentity(codePoint) {
        listener.text(String.fromCodePoint(codePoint));
      },
      isInForeignContext: () => foreign > 0,
      oncdata() {},
      oncomment(start, end) {
        if (end >= html.length) listener.unfinished?.("comment", start - "<!--".length);
      },
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  if (isInTag) listener.unfinished?.("tag", offset);
}
