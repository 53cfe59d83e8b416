import { openCode, placeOf } from "../code.js";
import { compilerError } from "./compiler-error.ts";
import { SiteError } from "./problem.ts";

/** What a file of data holds, as it is now. A mistake in it, or in what it imports, is told by its file. */
export async function loadData(file: string): Promise<unknown> {
  const module = await imported(file);
  if ("default" in module) return module.default;
  const fix = "Write export default before what pages are to know.";
  throw new SiteError([{ file, message: "exports nothing by default", fix }]);
}

async function imported(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await (await openCode()).load(file);
  } catch (error) {
    const place = placeOf(error);
    const fix = "Mend the file.";
    if (place === undefined) throw compilerError(error, { file, fix });
    const message = error instanceof Error ? error.message : String(error);
    throw new SiteError([{ ...place, message, fix }]);
  }
}
