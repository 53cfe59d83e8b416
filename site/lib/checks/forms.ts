import type { Fault } from "./fault.ts";
import type { Start } from "./html-reader.ts";
import { shortened } from "./structure.ts";

/** Inputs that people do not fill in. */
const NO_FIELD = new Set(["hidden", "submit", "button", "reset", "image"]);
/** Inputs whose content a browser may know: https://html.spec.whatwg.org/#autofill */
const FILLED_IN = new Set(["", "text", "email", "tel", "url", "password"]);

type Field = { readonly element: Start; readonly isInLabel: boolean };

/** Finds fields that nobody can name, send or fill in, and forms that need JavaScript. */
export class Forms {
  readonly #source: string;
  readonly #report: (fault: Fault) => void;
  readonly #fields: Field[] = [];
  readonly #labelled = new Set<string>();
  #openLabels = 0;

  constructor(source: string, report: (fault: Fault) => void) {
    this.#source = source;
    this.#report = report;
  }

  start(element: Start): void {
    const { tag, attributes } = element;
    if (tag === "form") this.#checkForm(element);
    if (tag === "label") {
      this.#openLabels += 1;
      if (attributes.for) this.#labelled.add(attributes.for);
    }
    if (tag !== "input" && tag !== "select" && tag !== "textarea") return;
    if (tag === "input" && NO_FIELD.has(typeOf(element))) return;
    this.#fields.push({ element, isInLabel: this.#openLabels > 0 });
  }

  end(tag: string): void {
    if (tag === "label" && this.#openLabels > 0) this.#openLabels -= 1;
  }

  /** A label may stand behind its field, so fields are judged when the page ends. */
  finish(): void {
    for (const field of this.#fields) this.#checkField(field);
  }

  #checkForm(element: Start): void {
    const { action = "", method = "get" } = element.attributes;
    if (method.toLowerCase() === "dialog") return;
    if (action.trim() === "" || /^(#|javascript:)/i.test(action.trim())) {
      this.#tell(
        element,
        "works only with JavaScript, as it names no address to send to",
        'Write action="/…".',
      );
    }
  }

  #checkField({ element, isInLabel }: Field): void {
    const { attributes } = element;
    const { id } = attributes;
    const isLabelled = isInLabel || (id !== undefined && this.#labelled.has(id));
    if (!isLabelled && !attributes["aria-label"] && !attributes["aria-labelledby"]) {
      const fix = id ? `Write <label for="${id}"> before it.` : "Put it into a <label>.";
      this.#tell(element, "has no label", fix);
    }
    if (!attributes.name) {
      this.#tell(element, "has no name, so it is not sent", 'Write name="…".');
    }
    if (
      element.tag === "input" &&
      FILLED_IN.has(typeOf(element)) &&
      attributes.autocomplete === undefined
    ) {
      const fix = 'Write autocomplete="email", "name" or the like, or "off".';
      this.#tell(element, "does not say what a browser may fill in", fix);
    }
  }

  #tell({ offset, end }: Start, message: string, fix: string): void {
    const text = this.#source.slice(offset, end);
    this.#report({ field: shortened(text), message, fix, clue: { kind: "html", text, offset } });
  }
}

function typeOf({ attributes }: Start): string {
  return (attributes.type ?? "").toLowerCase();
}
