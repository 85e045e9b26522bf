/** Reads `GET /version`. Undefined where it tells none. */
export function readVersion(answer: unknown): string | undefined {
  const version: unknown = typeof answer === 'object' && answer !== null && 'version' in answer ? answer.version : undefined;
  return typeof version === 'string' ? version : undefined;
}

/**
 * Whether it knows `guided_grammar` and not yet structural tags as we write them: before 0.12. A build without a release number (`0.1.dev…`) and
 * one that tells no version are taken for new.
 */
export function knowsGuidedOnly(version: string | undefined): boolean {
  const [, major, minor, rest = ''] = /^v?(\d+)\.(\d+)(.*)$/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined || (rest.startsWith('.dev') && minor === '1')) return false;
  return Number(major) === 0 && Number(minor) < 12;
}
