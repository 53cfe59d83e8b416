import Libsql from "libsql";
import { attempt } from "./database.ts";

/**
 * Takes a lock over all processes of this machine, which is on a file of its own, and gives what lets go
 * of it; undefined while another holds it. The system takes the lock back when its process dies, so that
 * none is left behind.
 */
export function takeLead(file: string): (() => void) | undefined {
  return attempt(() => {
    const lock = new Libsql(file);
    try {
      lock.exec("begin exclusive");
    } catch (error) {
      lock.close();
      if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY")
        return undefined;
      throw error;
    }
    return () => {
      lock.exec("rollback");
      lock.close();
    };
  });
}
