/** The about page shows the people below its text. */
export default { layout: "about.njk", pageType: "team" };
