import { migrate } from "./store/postgres/migrate.ts";
import { SchemaMismatch, StoreUnavailable } from "./store/store.ts";

/**
 * `npm run api:migrate`: brings the database at DATABASE_URL to this release, as a hosting service's
 * release phase does before it starts the new release. Exit code 0, or 1 with the reason.
 */
async function main(url: string | undefined): Promise<number> {
  if (url === undefined || url === "") {
    console.log("No DATABASE_URL: the embedded store brings its tables up to date by itself.");
    return 0;
  }
  try {
    const names = await migrate(url);
    console.log(
      names.length > 0 ? `Migrated: ${names.join(", ")}.` : "The database is up to date.",
    );
    return 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const isAway = error instanceof StoreUnavailable && !(error instanceof SchemaMismatch);
    const next = isAway ? ". Is the address right, and the server up?" : "";
    console.error(`The database was not migrated: ${why}${next}`);
    return 1;
  }
}

process.exitCode = await main(process.env.DATABASE_URL);
