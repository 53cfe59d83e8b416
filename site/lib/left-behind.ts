import { basename } from "node:path";

/**
 * Whether a file is what an editor or a system leaves beside others, for as long as one is open or for itself:
 * nobody wrote it. Emacs makes a link that leads nowhere, `.#about.md`, of each text that is not saved.
 */
export function isLeftBehind(path: string): boolean {
  return LEFT_BEHIND.test(basename(path));
}

const LEFT_BEHIND =
  /^(?:\.#.*|#.*#|.*~|\..*\.sw[a-p]|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|4913)$/i;
