/**
 * How many mutated inputs a property tries: a share of what `HIL_FUZZ_RUNS` asks for in all the
 * parsers together (the long mode), or enough to notice a mistake within a second.
 */
export function fuzzRuns({ usual, share }: { readonly usual: number; readonly share: number }): number {
  const all = Number(process.env['HIL_FUZZ_RUNS'] ?? 0)
  return all > 0 ? Math.ceil(all * share) : usual
}
