/** Pages are plain Markdown in the page layout unless they say otherwise. */
export default { layout: "page.njk" };
