import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { SchemaMismatch } from "./store.ts";

/** One step of the schema. It is never edited once released: a later step changes what it made. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the SQL, in hex. */
  readonly digest: string;
};

/** A step as the database remembers it. */
export type AppliedMigration = Pick<Migration, "number" | "digest">;

const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** The steps in a folder of files such as `0001-users.sql`, numbered from 1 without a gap. */
export function readMigrations(folder: URL): readonly Migration[] {
  return readdirSync(folder)
    .sort()
    .map((file, index) => {
      const [, number, name = ""] = FILE.exec(file) ?? [];
      if (Number(number) !== index + 1) {
        throw new Error(
          `${file}: expected a migration ${String(index + 1).padStart(4, "0")}-….sql`,
        );
      }
      const sql = readFileSync(new URL(file, folder), "utf8");
      const digest = createHash("sha256").update(sql).digest("hex");
      return { number: index + 1, name, sql, digest };
    });
}

/**
 * The steps that a database still needs. Throws a SchemaMismatch when it was changed by a newer release, or by steps
 * that read differently today: then nobody knows what its tables look like.
 */
export function migrationsToApply(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const { number, digest } of applied) {
    const own = known.find((migration) => migration.number === number);
    if (own === undefined) {
      throw new SchemaMismatch(
        `the database has had migration ${number}, which this release does not know: a newer release has been here`,
        "Run that one, or a newer.",
      );
    }
    if (own.digest !== digest) {
      throw new SchemaMismatch(
        `migration ${number} (${own.name}) reads differently from the one that the database has had`,
        "Put the file back, and write a new migration.",
      );
    }
  }
  const done = new Set(applied.map(({ number }) => number));
  return known.filter(({ number }) => !done.has(number));
}
