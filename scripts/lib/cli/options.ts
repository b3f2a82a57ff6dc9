import { InvalidArgumentError } from "commander";

/** Parser of an option that takes a whole number of at least 1. @throws InvalidArgumentError, which is wrong usage */
export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError("write a whole number from 1");
  return number;
}

/** As {@link positive}, with a largest number. */
export function positiveUpTo(largest: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isSafeInteger(number) && number >= 1 && number <= largest) return number;
    throw new InvalidArgumentError(`write a whole number from 1 to ${largest}`);
  };
}
