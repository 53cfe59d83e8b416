import { bundle, Features, type Targets, transform } from "lightningcss";
import { compilerError } from "./compiler-error.ts";

// Lightning CSS writes a version as one number: major << 16 | minor << 8.
const TARGETS: Targets = { chrome: 109 << 16, firefox: 109 << 16, safari: (15 << 16) | (6 << 8) };

/**
 * A stylesheet with all that it imports, for the browsers that we care for, as small as it can be said to
 * be the same: a custom property that nothing in it uses is left out, so that one file of them can serve
 * every stylesheet. Throws a SiteError for what cannot be read.
 */
export function compileStylesheet(path: string): string {
  try {
    const { code } = bundle({ filename: path });
    const text = minified(path, code, usedProperties(path, code));
    if (/<\/style/i.test(text)) throw new Error('"</style" would end the element that holds it');
    return text;
  } catch (error) {
    throw compilerError(error, { file: path, fix: "Mend the CSS." });
  }
}

function usedProperties(filename: string, code: Uint8Array): ReadonlySet<string> {
  const used = new Set<string>();
  const visitor = {
    Variable({ name }: { readonly name: { readonly ident: string } }) {
      used.add(name.ident);
    },
  };
  transform({ filename, code, visitor });
  return used;
}

function minified(filename: string, code: Uint8Array, used: ReadonlySet<string>): string {
  const result = transform({
    filename,
    code,
    minify: true,
    targets: TARGETS,
    // Its properties are for light-dark(), which we do not use.
    exclude: Features.LightDark,
    visitor: {
      Declaration: {
        custom: ({ name }) => (name.startsWith("--") && !used.has(name) ? [] : undefined),
      },
    },
  });
  return new TextDecoder().decode(result.code);
}
