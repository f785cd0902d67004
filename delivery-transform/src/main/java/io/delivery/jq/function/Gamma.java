package io.delivery.jq.function;

/**
 * The logarithm of the gamma function as C has it: {@code e_lgamma_r.c} of fdlibm, on which the GNU
 * C library's rests.
 *
 * <p>fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at
 * SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
final class Gamma {
    /** Up to 2, around 2, of {@code (2 - x)}: even powers. */
    private static final double[] A_EVEN = {
        7.72156649015328655494e-02, 6.73523010531292681824e-02, 7.38555086081402883957e-03,
        1.19270763183362067845e-03, 2.20862790713908385557e-04, 2.52144565451257326939e-05
    };

    private static final double[] A_ODD = {
        3.22467033424113591611e-01, 2.05808084325167332806e-02, 2.89051383673415629091e-03,
        5.10069792153511336608e-04, 1.08011567247583939954e-04, 4.48640949618915160150e-05
    };

    /** Where the function is least, what it is there, and what that lacks. */
    private static final double LEAST_AT = 1.46163214496836224576e+00;

    private static final double LEAST = -1.21486290535849611461e-01;
    private static final double LEAST_TAIL = -3.63867699703950536541e-18;

    private static final double[] T0 = {
        4.83836122723810047042e-01,
        -3.27885410759859649565e-02,
        6.10053870246291332635e-03,
        -1.40346469989232843813e-03,
        3.15632070903625950361e-04
    };

    private static final double[] T1 = {
        -1.47587722994593911752e-01,
        1.79706750811820387126e-02,
        -3.68452016781138256760e-03,
        8.81081882437654011382e-04,
        -3.12754168375120860518e-04
    };

    private static final double[] T2 = {
        6.46249402391333854778e-02,
        -1.03142241298341437450e-02,
        2.25964780900612472250e-03,
        -5.38595305356740546715e-04,
        3.35529192635519073543e-04
    };

    private static final double[] U = {
        -7.72156649015328655494e-02, 6.32827064025093366517e-01, 1.45492250137234768737e+00,
        9.77717527963372745603e-01, 2.28963728064692451092e-01, 1.33810918536787660377e-02
    };

    private static final double[] V = {
        1,
        2.45597793713041134822e+00,
        2.12848976379893395361e+00,
        7.69285150456672783825e-01,
        1.04222645593369134254e-01,
        3.21709242282423911810e-03
    };

    private static final double[] S = {
        -7.72156649015328655494e-02, 2.14982415960608852501e-01, 3.25778796408930981787e-01,
        1.46350472652464452805e-01, 2.66422703033638609560e-02, 1.84028451407337715652e-03,
        3.19475326584100867617e-05
    };

    private static final double[] R = {
        1,
        1.39200533467621045958e+00,
        7.21935547567138069525e-01,
        1.71933865632803078993e-01,
        1.86459191715652901344e-02,
        7.77942496381893596434e-04,
        7.32668430744625636189e-06
    };

    private static final double W0 = 4.18938533204672725052e-01;

    private static final double[] W = {
        8.33333333333329678849e-02, -2.77777777728775536470e-03, 7.93650558643019558500e-04,
        -5.95187557450339963135e-04, 8.36339918996282139126e-04, -1.63092934096575273989e-03
    };

    private static final double TINY = 0x1p-70;
    private static final double HUGE = 0x1p58;

    /** The largest factorial that is a double is that of 170. */
    private static final int MOST = 171;

    private Gamma() {}

    /** The sign of the function itself. */
    static int sign(double x) {
        boolean isNegative = x < 0 || 1 / x < 0 && x == 0;
        if (!isNegative || Double.isInfinite(x)) {
            return 1;
        }
        if (x > -TINY) {
            return -1;
        }
        return x == Math.rint(x) || Math.floor(x) % 2 == 0 ? 1 : -1;
    }

    /** The logarithm of the absolute value. */
    static double logarithm(double x) {
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return x * x;
        }
        double y = Math.abs(x);
        if (y < TINY) {
            return -StrictMath.log(y);
        }
        if (x > 0) {
            return positive(x);
        }
        double sine = Math.abs(sineOfPi(y));
        return sine == 0
                ? Double.POSITIVE_INFINITY
                : StrictMath.log(Math.PI / (sine * y)) - positive(y);
    }

    private static double sineOfPi(double x) {
        double within = 2 * (x * 0.5 - Math.floor(x * 0.5));
        int quarter = ((int) (within * 4) + 1) / 2;
        double rest = (within - quarter * 0.5) * Math.PI;
        return switch (quarter) {
            case 1 -> StrictMath.cos(rest);
            case 2 -> StrictMath.sin(-rest);
            case 3 -> -StrictMath.cos(rest);
            default -> StrictMath.sin(rest);
        };
    }

    private static double positive(double x) {
        if (x == 1 || x == 2) {
            return 0;
        }
        if (x < 2) {
            return x <= 0.9 ? belowTwo(x + 1, x, -StrictMath.log(x)) : belowTwo(x, x - 1, 0);
        }
        if (x < 8) {
            int whole = (int) x;
            double y = x - whole;
            double result = 0.5 * y + polynomial(S, y) * y / polynomial(R, y);
            double product = 1;
            for (int i = whole; i > 2; i--) {
                product *= y + (i - 1);
            }
            return whole > 2 ? result + StrictMath.log(product) : result;
        }
        if (x < HUGE) {
            double z = 1 / x;
            double w = W0 + z * polynomial(W, z * z);
            return (x - 0.5) * (StrictMath.log(x) - 1) + w;
        }
        return x * (StrictMath.log(x) - 1);
    }

    /**
     * @param x between 1 and 2
     * @param beyondOne the same less one, exactly
     */
    private static double belowTwo(double x, double beyondOne, double summand) {
        if (x >= 1.7316) {
            double y = 1 - beyondOne;
            double z = y * y;
            double p = y * polynomial(A_EVEN, z) + z * polynomial(A_ODD, z);
            return summand + (p - 0.5 * y);
        }
        if (x >= 1.2316) {
            double y = beyondOne - (LEAST_AT - 1);
            double z = y * y;
            double w = z * y;
            double p =
                    z * polynomial(T0, w)
                            - (LEAST_TAIL - w * (polynomial(T1, w) + y * polynomial(T2, w)));
            return summand + (LEAST + p);
        }
        double y = beyondOne;
        return summand + (-0.5 * y + y * polynomial(U, y) / polynomial(V, y));
    }

    private static double polynomial(double[] coefficients, double x) {
        double value = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            value = value * x + coefficients[i];
        }
        return value;
    }

    /** The function itself: exact for whole numbers, otherwise to about 15 digits. */
    static double of(double x) {
        if (x == Math.rint(x) && x > 0 && x <= MOST) {
            double product = 1;
            for (int i = 2; i < x; i++) {
                product *= i;
            }
            return product;
        }
        if (x == 0) {
            return 1 / x;
        }
        if (x == Math.rint(x) && x < 0 || Double.isNaN(x)) {
            return Double.NaN;
        }
        return sign(x) * StrictMath.exp(logarithm(x));
    }
}
