/** A link of the main navigation, in the order shown. */
export type NavLink = { readonly url: string; readonly label: string };

const nav: readonly NavLink[] = [
  { url: "/services/", label: "Services" },
  { url: "/about/", label: "About" },
  { url: "/blog/", label: "Blog" },
  { url: "/contact/", label: "Contact" },
];

export default nav;
