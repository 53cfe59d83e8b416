import { appendFile, stat } from "node:fs/promises";

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#job-summaries */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Adds Markdown to the file that GitHub Actions shows on the page of a run. What would bring it over
 * GitHub's limit is left out, for GitHub would then show nothing of it. Says whether it was added.
 */
export async function appendStepSummary(file: string, markdown: string): Promise<boolean> {
  const text = `${markdown}\n`;
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size + Buffer.byteLength(text) > LIMIT_BYTES) return false;
  await appendFile(file, text);
  return true;
}
