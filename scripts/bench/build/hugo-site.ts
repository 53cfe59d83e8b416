import { type Files, FOOTER, NAVIGATION } from "./site-frame.ts";

/** The same site as that of bare Eleventy for Hugo, with its highlighter on, as classes. */
export const HUGO_SITE: Files = {
  "hugo.toml": `baseURL = "https://www.example.com/"
title = "Example"
disableKinds = []
[permalinks]
blog = "/blog/:filename/"
[taxonomies]
tag = "tags"
[outputs]
home = ["HTML", "RSS"]
section = ["HTML"]
taxonomy = ["HTML"]
term = ["HTML"]
[markup.highlight]
noClasses = false
`,
  "layouts/_default/baseof.html": `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}">
<link rel="stylesheet" href="/site.css">
<meta property="og:title" content="{{ .Title }}"></head>
<body>{{ partial "header.html" . }}<main id="main">{{ block "main" . }}{{ end }}</main>{{ partial "footer.html" . }}</body></html>
`,
  "layouts/partials/header.html": NAVIGATION,
  "layouts/partials/footer.html": FOOTER,
  "layouts/partials/list.html": `<ul>{{ range . }}
<li><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time> <a href="{{ .RelPermalink }}">{{ .Title }}</a>
<p>{{ .Description }}</p></li>{{ end }}</ul>`,
  "layouts/_default/single.html": `{{ define "main" }}<article><header><h1>{{ .Title }}</h1><p>{{ .Description }}</p>
<p>{{ .Params.author }}, <time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time></p></header>
{{ .Content }}
<ul>{{ range .Params.tags }}<li><a href="/tags/{{ . }}/">{{ . }}</a></li>{{ end }}</ul></article>{{ end }}
`,
  "layouts/_default/list.html": `{{ define "main" }}<h1>{{ .Title }}</h1>{{ partial "list.html" .Pages }}{{ end }}
`,
  "layouts/_default/terms.html": `{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
`,
  "layouts/index.html": `{{ define "main" }}<h1>Home</h1>{{ partial "list.html" (first 3 site.RegularPages) }}{{ end }}
`,
  "layouts/_default/rss.xml": `{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}<rss version="2.0"><channel><title>{{ .Title }}</title>
{{ range first 20 site.RegularPages }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<description>{{ .Content | html }}</description></item>{{ end }}</channel></rss>
`,
};
