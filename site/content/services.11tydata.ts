/** The services page shows the list of services above its text. */
export default { layout: "services.njk" };
