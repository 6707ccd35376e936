/**
 * How often the failure shows where the bug is: what is known of the rate p after some runs of kernels that
 * have it.
 *
 * Most failures show in every run, so p is 1 with a probability of 0.9 before anything was seen. Else it may be anything
 * from 0 to 1, lower rates being more likely, with a density of 1 / (2 √p): who takes all rates for alike trusts a pass
 * too much where the failure shows rarely. Everything that is asked has a closed form: the integral of
 * p^a (1-p)^b over 0..1 is Euler's beta function.
 */
const alwaysFails = 0.9

/** How likely so many failures and passes are, of runs in which the failure could have shown, in a given order. */
export function likelihood(failures: number, passes: number): number {
  return (passes === 0 ? alwaysFails : 0) + (1 - alwaysFails) * sometimesFails(failures, passes)
}

/** How likely the next such run is to fail. */
export function nextFails(failures: number, passes: number): number {
  return likelihood(failures + 1, passes) / likelihood(failures, passes)
}

/** How likely it is that `more` such runs in a row pass, which makes a bad kernel look good. */
export function allPass(failures: number, passes: number, more: number): number {
  return likelihood(failures, passes + more) / likelihood(failures, passes)
}

/** B(f + 1/2, n + 1) / B(1/2, 1), by its factors. */
function sometimesFails(failures: number, passes: number): number {
  let product = 0.5 / (failures + 0.5)
  for (let pass = 1; pass <= passes; pass++) product *= pass / (failures + 0.5 + pass)
  return product
}
