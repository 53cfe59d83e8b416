import type { ConfigResource } from "./config-resource.ts";
import { writeDocument, type XmlTree } from "./xml.ts";

/** As AWS describes them (CF-DG "Use managed response headers policies"). */
const SECURITY: XmlTree = {
  SecurityHeadersConfig: {
    XSSProtection: { Override: false, Protection: true, ModeBlock: true },
    FrameOptions: { Override: false, FrameOption: "SAMEORIGIN" },
    ReferrerPolicy: { Override: false, ReferrerPolicy: "strict-origin-when-cross-origin" },
    ContentTypeOptions: { Override: true },
    StrictTransportSecurity: {
      Override: false,
      IncludeSubdomains: false,
      Preload: false,
      AccessControlMaxAgeSec: 31_536_000,
    },
  },
};

const SIMPLE_METHODS = ["GET", "HEAD"];
const ALL_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

function cors(methods: readonly string[], exposed: readonly string[]): XmlTree {
  return {
    CorsConfig: {
      AccessControlAllowOrigins: { Quantity: 1, Items: { Origin: ["*"] } },
      AccessControlAllowHeaders: { Quantity: 1, Items: { Header: ["*"] } },
      AccessControlAllowMethods: { Quantity: methods.length, Items: { Method: methods } },
      AccessControlAllowCredentials: false,
      ...(exposed.length === 0
        ? {}
        : { AccessControlExposeHeaders: { Quantity: 1, Items: { Header: exposed } } }),
      OriginOverride: false,
    },
  };
}

function managed(id: string, name: string, content: XmlTree): ConfigResource {
  const tree = { Comment: `Managed by AWS: ${name}`, Name: `Managed-${name}`, ...content };
  const config = writeDocument("ResponseHeadersPolicyConfig", tree);
  return { id, createdAt: 0, changedAt: 0, etag: "E23ZP02F085DFQ", config };
}

export const MANAGED_HEADERS_POLICIES: readonly ConfigResource[] = [
  managed("60669652-455b-4ae9-85a4-c4c02393f86c", "SimpleCORS", cors(SIMPLE_METHODS, [])),
  managed("5cc3b908-e619-4b99-88e5-2cf7f45965bd", "CORS-With-Preflight", cors(ALL_METHODS, ["*"])),
  managed("67f7725c-6f97-4210-82d7-5512b31e9d03", "SecurityHeadersPolicy", SECURITY),
  managed("e61eb60c-9c35-4d20-a928-2b84e02af89c", "CORS-and-SecurityHeadersPolicy", {
    ...cors(SIMPLE_METHODS, []),
    ...SECURITY,
  }),
  managed("eaab4381-ed33-4a86-88ca-d9558dc6cd63", "CORS-with-preflight-and-SecurityHeadersPolicy", {
    ...cors(ALL_METHODS, ["*"]),
    ...SECURITY,
  }),
];
