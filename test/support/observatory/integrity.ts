import { Parser } from "htmlparser2";
import { type Finding, headerValues, type ScannedAnswer } from "./scan.ts";

type Script = { readonly src: string | undefined; readonly integrity: boolean };

/** Whether scripts of other sites are held to a hash. Any full address counts as another site here. */
export function scoreIntegrity(answer: ScannedAnswer): Finding {
  const [type = "text/html"] = headerValues(answer, "content-type");
  if (!/^(?:text\/html|application\/xhtml\+xml)(?:;|$)/.test(type.trim())) {
    return { result: "sri-not-implemented-response-not-html", modifier: 0 };
  }
  const scripts = scriptsIn(answer.body);
  if (scripts.length === 0) {
    return { result: "sri-not-implemented-but-no-scripts-loaded", modifier: 0 };
  }
  const foreign = scripts.filter(({ src = "" }) => /^(?:https?:)?\/\//.test(src));
  const findings = foreign.map(judgeForeign);
  const worst = findings.reduce<Finding | undefined>(
    (found, next) => (found === undefined || next.modifier < found.modifier ? next : found),
    undefined,
  );
  if (worst !== undefined) return worst;
  return scripts.some(({ src, integrity }) => src !== undefined && integrity)
    ? { result: "sri-implemented-and-all-scripts-loaded-securely", modifier: 5 }
    : {
        result: "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
        modifier: 0,
      };
}

function judgeForeign({ src = "", integrity }: Script): Finding {
  const secure = src.startsWith("https:");
  if (integrity && secure) {
    return { result: "sri-implemented-and-external-scripts-loaded-securely", modifier: 5 };
  }
  if (integrity) {
    return { result: "sri-implemented-but-external-scripts-not-loaded-securely", modifier: -20 };
  }
  return secure
    ? { result: "sri-not-implemented-but-external-scripts-loaded-securely", modifier: -5 }
    : {
        result: "sri-not-implemented-and-external-scripts-not-loaded-securely",
        modifier: -50,
      };
}

function scriptsIn(html: string): readonly Script[] {
  const scripts: Script[] = [];
  const parser = new Parser({
    onopentag(tag, { src, integrity }) {
      if (tag === "script") scripts.push({ src, integrity: integrity !== undefined });
    },
  });
  parser.end(html);
  return scripts;
}
