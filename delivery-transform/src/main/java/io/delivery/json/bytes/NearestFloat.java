package io.delivery.json.bytes;

import java.math.BigDecimal;

/**
 * Finds the float that is nearest to a number of which the nearest double is known. The double
 * decides unless it lies in the middle between two floats: the number itself may be on either side
 * of it.
 */
public final class NearestFloat {
    /** In the middle between the greatest float and what would be the next one, 2¹²⁸. */
    private static final double BORDER = 0x1.ffffffp127;

    private NearestFloat() {}

    /** Whether the number itself must be looked at. */
    public static boolean isUndecided(double nearest) {
        float near = (float) nearest;
        if (near == nearest || Double.isNaN(nearest)) {
            return false;
        }
        if (Float.isInfinite(near)) {
            return Math.abs(nearest) == BORDER;
        }
        float other = nearest > near ? Math.nextUp(near) : Math.nextDown(near);
        // Both differences are exact: doubles have 29 bits more than floats.
        return Float.isInfinite(other)
                ? Math.abs(nearest) == BORDER
                : nearest - near == other - nearest;
    }

    /**
     * The float of a number that is undecided; an even one where it lies in the very middle (IEEE
     * 754). It is infinite where the number is beyond all floats.
     *
     * @param nearest the double that is nearest to the number
     */
    public static float of(BigDecimal number, double nearest) {
        int side = number.compareTo(new BigDecimal(nearest));
        if (side == 0) {
            return (float) nearest;
        }
        return (float) (side > 0 ? Math.nextUp(nearest) : Math.nextDown(nearest));
    }
}
