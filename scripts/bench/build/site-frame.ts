/** The files of a project, by path. */
export type Files = Readonly<Record<string, string>>;

/** What stands above and below every page, for generators other than ours. */
export const NAVIGATION = `<header class="site-header"><a class="brand" href="/">Example</a>
<nav aria-label="Main"><ul>
<li><a href="/services/">Services</a></li><li><a href="/about/">About</a></li>
<li><a href="/blog/">Blog</a></li><li><a href="/contact/">Contact</a></li>
</ul></nav></header>`;

export const FOOTER = `<footer class="site-footer"><p>An example of a small company.</p>
<nav aria-label="Footer"><ul>
<li><a href="/services/">Services</a></li><li><a href="/tags/">Tags</a></li>
<li><a href="/feed.xml">Feed</a></li></ul></nav></footer>`;
