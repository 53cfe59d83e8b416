/** Elements that never have an end tag. https://html.spec.whatwg.org/#void-elements */
export const VOID = words("area base br col embed hr img input link meta source track wbr");

/** Elements whose end tag may be left out, as the next one of their kind ends them. */
export const MAY_STAY_OPEN = words(
  "html head body p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup rt rp",
);

/** What ends an open element of the names on the right, by its own beginning. */
export const ENDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["li", words("li")],
  ["dt", words("dt dd")],
  ["dd", words("dt dd")],
  ["tr", words("tr td th")],
  ["td", words("td th")],
  ["th", words("td th")],
  ["tbody", words("thead tbody tr td th")],
  ["tfoot", words("thead tbody tr td th")],
  ["option", words("option")],
  ["optgroup", words("option optgroup")],
  ["body", words("head")],
]);

/** Elements that end an open paragraph. https://html.spec.whatwg.org/#the-p-element */
export const ENDS_PARAGRAPH = words(
  `address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3
   h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul`,
);

/** Elements that hold words only: no element of the list above. */
export const PHRASING_ONLY = words(
  `abbr b bdi bdo button cite code data dfn em h1 h2 h3 h4 h5 h6 i kbd label legend mark output pre q s
   samp small span strong sub summary sup time u var`,
);

/** Where an element may stand only directly within one of these. */
export const PARENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["li", words("ul ol menu")],
  ["dt", words("dl div")],
  ["dd", words("dl div")],
  ["tr", words("table thead tbody tfoot")],
  ["td", words("tr")],
  ["th", words("tr")],
  ["thead", words("table")],
  ["tbody", words("table")],
  ["tfoot", words("table")],
  ["caption", words("table")],
  ["figcaption", words("figure")],
  ["summary", words("details")],
  ["legend", words("fieldset")],
  ["option", words("select optgroup datalist")],
  ["optgroup", words("select")],
  ["source", words("picture audio video")],
]);

/** What some elements hold directly, beside scripts and templates. Words among them are no mistake here. */
export const CHILDREN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["ul", words("li")],
  ["ol", words("li")],
  ["menu", words("li")],
  ["dl", words("dt dd div")],
  ["table", words("caption colgroup thead tbody tfoot tr")],
  ["thead", words("tr")],
  ["tbody", words("tr")],
  ["tfoot", words("tr")],
  ["tr", words("th td")],
  ["colgroup", words("col")],
  ["select", words("option optgroup hr")],
  ["optgroup", words("option")],
]);

/** Elements that may not stand within these, however deep. */
export const NEVER_IN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["address", words("address")],
  ["dfn", words("dfn")],
  ["footer", words("address header footer")],
  ["form", words("form")],
  ["header", words("address header footer")],
  ["label", words("label")],
  ["meter", words("meter")],
  ["progress", words("progress")],
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => [tag, words("address")] as const),
]);

/** What an element has at most one of. */
export const ONCE: ReadonlyMap<string, string> = new Map([
  ["details", "summary"],
  ["fieldset", "legend"],
  ["figure", "figcaption"],
  ["table", "caption"],
]);

/** Elements of a page as a whole, which its text has none of. */
export const OF_THE_PAGE = words("html head body title base");

/** Attributes that count something. */
export const NUMBERS = words("cols colspan maxlength minlength rows rowspan size span");

/** Attributes that are there or not, and have no value but their own name. */
export const BOOLEAN = words(
  `allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert
   ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected`,
);

/** Attributes with a few values. Others mean the same as none to a browser, and something else to a reader. */
export const VALUES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["button type", words("button reset submit")],
  ["contenteditable", words("false plaintext-only true")],
  ["dir", words("auto ltr rtl")],
  [
    "input type",
    words(
      `button checkbox color date datetime-local email file hidden image month number password radio range
       reset search submit tel text time url week`,
    ),
  ],
  ["hidden", words("hidden until-found")],
  ["loading", words("eager lazy")],
  ["scope", words("col colgroup row rowgroup")],
]);

/** Elements that people work with: none of them stands inside a link or a button. */
export const INTERACTIVE = words("a button details embed iframe input label select textarea");

/** What HTML had once, and what to write today. */
export const OBSOLETE: ReadonlyMap<string, string> = new Map([
  ["acronym", "Write <abbr>."],
  ["applet", "Leave it out."],
  ["basefont", "Use a class."],
  ["bgsound", "Leave it out."],
  ["big", "Use a class."],
  ["blink", "Leave it out."],
  ["center", "Use a class."],
  ["dir", "Write <ul>."],
  ["font", "Use a class."],
  ["frame", "Leave it out."],
  ["frameset", "Leave it out."],
  ["isindex", "Write a form."],
  ["listing", "Write <pre>."],
  ["marquee", "Leave it out."],
  ["menuitem", "Write <li>."],
  ["nobr", "Use a class."],
  ["noembed", "Leave it out."],
  ["noframes", "Leave it out."],
  ["param", "Leave it out."],
  ["plaintext", "Write <pre>."],
  ["rb", "Leave it out."],
  ["rtc", "Leave it out."],
  ["spacer", "Use a class."],
  ["strike", "Write <s> or <del>."],
  ["tt", "Write <code>."],
  ["xmp", "Write <pre>."],
]);

/** Attributes of looks, which a stylesheet gives today. */
export const OBSOLETE_ATTRIBUTES = words(
  `align alink background bgcolor border cellpadding cellspacing char charoff clear compact frameborder
   hspace marginheight marginwidth noshade nowrap rules valign vlink vspace`,
);

const HTML = words(
  `a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite
   code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure
   footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li
   link main map mark menu meta meter nav noscript object ol optgroup option output p picture pre progress
   q rp rt ruby s samp script search section select slot small source span strong style sub summary sup
   table tbody td template textarea tfoot th thead time title tr track u ul var video wbr svg math`,
);

/** True for an element of HTML as it is today, and for an element that a page defines itself: `x-map`. */
export function isKnownElement(tag: string): boolean {
  return HTML.has(tag) || OBSOLETE.has(tag) || /^[a-z][a-z0-9._]*-[a-z0-9._-]*$/.test(tag);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
