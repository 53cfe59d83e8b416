/** A configuration with no more than CloudFront insists on; `settle` makes the rest. */
export function seedConfig({
  reference,
  comment,
  domain,
}: {
  readonly reference: string;
  readonly comment: string;
  readonly domain: string;
}): string {
  return [
    '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">',
    `<CallerReference>${reference}</CallerReference>`,
    "<Aliases><Quantity>0</Quantity></Aliases><DefaultRootObject></DefaultRootObject>",
    "<Origins><Quantity>1</Quantity><Items><Origin><Id>site</Id>",
    `<DomainName>${domain}</DomainName><OriginPath></OriginPath>`,
    "<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>",
    "</Origin></Items></Origins>",
    "<DefaultCacheBehavior><TargetOriginId>site</TargetOriginId>",
    "<ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy></DefaultCacheBehavior>",
    `<Comment>${comment}</Comment><Enabled>true</Enabled></DistributionConfig>`,
  ].join("");
}
