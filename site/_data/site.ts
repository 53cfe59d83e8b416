/** What every page knows about the site it belongs to. */
export type Site = {
  readonly name: string;
  readonly url: string;
  readonly lang: string;
  readonly description: string;
  readonly email: string;
};

const site: Site = {
  name: "Naked Coders",
  url: "https://www.nakedcoders.example",
  lang: "en",
  description: "A small software company with nothing to hide: open code, open books, plain words.",
  email: "hello@nakedcoders.example",
};

export default site;
