/** What every wallet here keeps of each payment, in 1/1000: 0.6 %. */
export const FEE_PER_MILLE = 6;
