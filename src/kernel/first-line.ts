/**
 * Where a kernel begins to speak, as bounded patterns that match nothing themselves, so that its
 * first byte is left to whoever reads on. arm64 begins with `Booting Linux on physical CPU`, x86 with
 * `Linux version`; with `earlycon` the same lines come a second time.
 */
export const firstKernelLine =
  /(?=(?:<\d{1,3}>)?\[ {1,8}0\.\d{6}\](?:\[ {0,8}[CT]\d{1,8}\])? |^(?:Booting Linux on physical CPU|Linux version \d))/
