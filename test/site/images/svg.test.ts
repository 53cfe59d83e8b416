import { describe, expect, test } from "vitest";
import { readSvg } from "../../../site/lib/images/svg.ts";

const svg = (inside: string, attributes = 'viewBox="0 0 800 450"') =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`;

describe("A drawing", () => {
  test.each([
    ["its viewBox", 'viewBox="0 0 800 450"', 800, 450],
    ["its width and height", 'width="300" height="200px" viewBox="0 0 3 2"', 300, 200],
    ["its viewBox, not a share of the page,", 'width="100%" viewBox="0,0,640,480"', 640, 480],
  ])("is as large as %s says", (_name, attributes, width, height) => {
    expect(readSvg(svg("", attributes))).toEqual({ kind: "vector", width, height });
  });

  test.each([
    ["its own parts", '<use href="#a"/><rect fill="url(#b)"/><style>.a{fill:red}</style>'],
    ["pictures that travel in it", '<image href="data:image/png;base64,AA=="/>'],
    [
      "notes of an editor",
      '<metadata><x:y xmlns:x="http://x.example" about="http://x"/></metadata>',
    ],
  ])("may have %s", (_name, inside) => {
    expect(readSvg(svg(inside))).toMatchObject({ kind: "vector" });
  });

  test.each([
    ["a script", "<script>alert(1)</script>", "has a <script> in it"],
    ["a script under a prefix", "<svg:script>1</svg:script>", "has a <script> in it"],
    ["an event handler", '<rect onload="x()"/>', "has a script in its attribute onload"],
    ["HTML in it", "<foreignObject><p/></foreignObject>", "has a <foreignobject> in it"],
    ["a script as a link", '<a href="javascript:x()"/>', 'leads to "javascript:x()"'],
    [
      "a foreign picture",
      '<image xlink:href="https://o.example/"/>',
      'leads to "https://o.example/"',
    ],
    ["a drawing in it", '<image href="data:image/svg+xml,x"/>', 'leads to "data:image/svg+xml,x"'],
    ["a foreign colour", '<rect style="fill:url(//o.example/x)"/>', 'leads to "//o.example/x"'],
    ["a foreign filter", '<rect filter="url(https://o.example)"/>', 'leads to "https://o.example"'],
    ["a sheet that loads others", "<style>@import 'x'</style>", "loads other styles"],
    ["escapes in its styles", "<style>\\75rl(x)</style>", "loads other styles"],
    ["a link that moves", '<set attributeName="href" to="x"/>', "changes a link while it is shown"],
  ])("with %s is refused", (_name, inside, message) => {
    expect(readSvg(svg(inside))).toMatchObject({ kind: "refused", message });
  });

  const NO_SIZE = "says no size, so the page cannot keep room for it";
  test.each([
    ["without a size", svg("", ""), NO_SIZE],
    ["with a size of nothing", svg("", 'viewBox="0 0 0 5"'), NO_SIZE],
    ["with entities", `<!DOCTYPE svg>${svg("&a;")}`, "has a DOCTYPE, which can hide other text"],
    ["with a sheet", `<?xml-stylesheet href="x"?>${svg("")}`, "asks for a stylesheet of its own"],
    ["that is something else", "<html><svg/></html>", "holds no drawing"],
    ["of nothing", "", "holds no drawing"],
  ])("%s is refused", (_name, text, message) => {
    expect(readSvg(text)).toMatchObject({ kind: "refused", message });
  });
});
