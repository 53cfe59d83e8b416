import { type Files, FOOTER, NAVIGATION } from "./site-frame.ts";

/**
 * A site such as ours with nothing added to Eleventy: Nunjucks, Markdown, a page an article, a list of
 * all, a page a tag, a feed of the newest twenty, a sitemap. No highlighting, no checks, no images.
 */
export function bareEleventySite(markdownTemplateEngine: "njk" | "false"): Files {
  return {
    "package.json": '{ "type": "module" }\n',
    "eleventy.config.js": `export default function (config) {
  config.addCollection("posts", (api) =>
    api.getFilteredByGlob("content/blog/*.md").sort((a, b) => b.date - a.date));
  config.addCollection("topics", (api) => {
    const topics = new Map();
    for (const post of api.getFilteredByGlob("content/blog/*.md").sort((a, b) => b.date - a.date)) {
      for (const tag of post.data.tags) topics.set(tag, [...(topics.get(tag) ?? []), post]);
    }
    return [...topics].sort().map(([tag, posts]) => ({ tag, posts }));
  });
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("first", (items, count) => items.slice(0, count));
  return {
    dir: { input: "content", includes: "../_includes", output: "_site" },
    markdownTemplateEngine: ${markdownTemplateEngine === "njk" ? '"njk"' : "false"},
    htmlTemplateEngine: "njk",
  };
}
`,
    "content/blog/blog.json": '{ "layout": "post.njk" }\n',
    "_includes/base.njk": `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{{ description }}">
<link rel="canonical" href="https://www.example.com{{ page.url }}">
<link rel="stylesheet" href="/site.css">
<meta property="og:title" content="{{ title }}"></head>
<body>{% include "header.njk" %}<main id="main">{{ content | safe }}</main>{% include "footer.njk" %}</body></html>
`,
    "_includes/header.njk": NAVIGATION,
    "_includes/footer.njk": FOOTER,
    "_includes/list.njk": `<ul>{% for post in listed %}
<li><time datetime="{{ post.date | day }}">{{ post.date | day }}</time> <a href="{{ post.url }}">{{ post.data.title }}</a>
<p>{{ post.data.description }}</p></li>{% endfor %}</ul>`,
    "_includes/post.njk": `---
layout: base.njk
---
<article><header><h1>{{ title }}</h1><p>{{ description }}</p>
<p>{{ author }}, <time datetime="{{ page.date | day }}">{{ page.date | day }}</time></p></header>
{{ content | safe }}
<ul>{% for tag in tags %}<li><a href="/tags/{{ tag }}/">{{ tag }}</a></li>{% endfor %}</ul></article>
`,
    "content/index.njk": `---
layout: base.njk
title: Home
description: The start.
---
<h1>Home</h1>{% set listed = collections.posts | first(3) %}{% include "list.njk" %}
`,
    "content/blog.njk": `---
layout: base.njk
title: Blog
description: All articles.
permalink: /blog/
---
<h1>Blog</h1>{% set listed = collections.posts %}{% include "list.njk" %}
`,
    "content/tag.njk": `---
layout: base.njk
pagination: { data: collections.topics, size: 1, alias: topic }
permalink: "/tags/{{ topic.tag }}/"
eleventyComputed: { title: "{{ topic.tag }}", description: "About {{ topic.tag }}" }
---
<h1>{{ topic.tag }}</h1>{% set listed = topic.posts %}{% include "list.njk" %}
`,
    "content/feed.njk": `---
permalink: /feed.xml
eleventyExcludeFromCollections: true
---
<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
{% for post in collections.posts | first(20) %}<entry><title>{{ post.data.title }}</title>
<id>https://www.example.com{{ post.url }}</id><content type="html">{{ post.content }}</content></entry>
{% endfor %}</feed>
`,
    "content/sitemap.njk": `---
permalink: /sitemap.xml
eleventyExcludeFromCollections: true
---
<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{% for item in collections.all %}<url><loc>https://www.example.com{{ item.url }}</loc></url>
{% endfor %}</urlset>
`,
  };
}
