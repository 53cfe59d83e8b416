/** The parts of Eleventy 3 this site uses. The package ships no types of its own. */
declare module "@11ty/eleventy" {
  export interface UserConfig {
    setUseTemplateCache(isUsed: boolean): void;
    /** Globs of files that are no templates. */
    readonly ignores: Set<string>;
    readonly globalData: Readonly<Record<string, unknown>>;
    readonly benchmarkManager: {
      get(group: string): { setMinimumThresholdPercent(percent: number): void };
    };
    addCollection(name: string, build: (collections: CollectionApi) => unknown): void;
    addDataExtension(
      extensions: string,
      options: {
        readonly read: boolean;
        readonly parser: (path: string) => Promise<unknown>;
      },
    ): void;
    addDateParsing(parse: (value: unknown) => Date | undefined): void;
    // biome-ignore lint/suspicious/noExplicitAny: a filter takes what its template hands it
    addFilter(name: string, filter: (this: any, ...values: any[]) => unknown): void;
    addGlobalData(name: string, value: unknown): void;
    addPreprocessor(
      name: string,
      extensions: string,
      run: (
        this: { readonly inputPath: string },
        data: Readonly<Record<string, unknown>>,
        content: string,
      ) => string | false | undefined,
    ): void;
    addWatchTarget(path: string): void;
    on(
      event: "eleventy.before" | "eleventy.after",
      listener: (build: BuildEvent) => void | Promise<void>,
    ): void;
    setLibrary(engine: "md", library: unknown): void;
    setFrontMatterParsingOptions(options: {
      readonly engines: Readonly<Record<string, (text: string) => unknown>>;
    }): void;
    setNunjucksEnvironmentOptions(options: {
      readonly throwOnUndefined: boolean;
      readonly trimBlocks: boolean;
      readonly lstripBlocks: boolean;
    }): void;
    setChokidarConfig(options: {
      readonly awaitWriteFinish: {
        readonly stabilityThreshold: number;
        readonly pollInterval: number;
      };
    }): void;
    setServerOptions(options: Readonly<Record<string, unknown>>): void;
    setUseGitIgnore(use: boolean): void;
    setWatchJavaScriptDependencies(watch: boolean): void;
  }

  export interface CollectionApi {
    getAll(): CollectionItem[];
    getFilteredByGlob(glob: string): CollectionItem[];
  }

  export interface CollectionItem {
    readonly inputPath: string;
    /** What stands below the front matter. */
    readonly rawInput: string;
    readonly url: string;
    readonly data: Readonly<Record<string, unknown>>;
  }

  export interface BuildEvent {
    readonly outputMode: "fs" | "json";
    readonly results?: readonly RenderedTemplate[];
  }

  export interface RenderedTemplate {
    readonly url: string | false;
    readonly inputPath: string;
    readonly outputPath: string | false;
    readonly content: string;
  }

  export interface DevServer {
    readonly server: import("node:http").Server;
    _serverListen(port: number): void;
    serve(port: number): void;
    ready(): Promise<void>;
  }

  export class Eleventy {
    constructor(
      input: string,
      output: string,
      options: {
        readonly configPath: string;
        readonly quietMode: boolean;
        readonly runMode: "build" | "serve";
        readonly config: (eleventyConfig: UserConfig) => void;
      },
    );
    readonly eleventyServe: {
      readonly server: DevServer;
      init(): Promise<void>;
      initServerInstance(): Promise<void>;
      /** Tells open pages to load anew; what is given says which ones need not. */
      reload(event: {
        readonly files: readonly string[];
        readonly build: {
          readonly stylesheets: readonly string[];
          readonly templates: readonly RenderedTemplate[];
        };
      }): Promise<void>;
    };
    /** Tells what has failed, once a failure. */
    readonly errorHandler: { once(severity: string, error: unknown, message: string): void };
    /** There is one from the first rendering on. */
    readonly watcher: { on(event: "unlink", listener: (path: string) => void): void };
    disableLogger(): void;
    init(): Promise<void>;
    toJSON(): Promise<readonly RenderedTemplate[]>;
    /** Renders and writes everything: called at the start of watching, and at every change. */
    write(): Promise<unknown>;
    /** Gives back what is done when a file has changed. */
    watch(): Promise<(path: string) => Promise<void>>;
    stopWatch(): Promise<unknown>;
  }

  export default Eleventy;
}

declare module "@11ty/eleventy-plugin-syntaxhighlight" {
  /** One fenced block as `<pre><code>` with Prism's classes. */
  export function pairedShortcode(
    code: string,
    language: string,
    highlightedLines: string,
    options: {
      readonly trim: boolean;
      /** `<br>` where it is left out. */
      readonly lineSeparator: string;
      readonly errorOnInvalidLanguage: boolean;
      readonly preAttributes: Readonly<Record<string, string | number>>;
    },
  ): string;
}
