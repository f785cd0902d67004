package io.delivery.suggest;

/**
 * Writes a type as metastores keep it and as Hive, Athena and Trino read it from there: names stand
 * without quotes, so that only some characters can be in them
 * (org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils.TypeInfoParser, isTypeChar).
 */
final class GlueType extends TypeText {
    /**
     * @throws IllegalArgumentException when it has a character that readers of a metastore take for
     *     the end of it
     */
    @Override
    String name(String name) {
        if (!name.chars().allMatch(GlueType::isOfName)) {
            throw new IllegalArgumentException(
                    "the name of a struct's field has letters, digits, _ . $ and blanks in a"
                            + " metastore, was "
                            + KeyForms.shownLine(name));
        }
        return name;
    }

    private static boolean isOfName(int c) {
        return Character.isLetterOrDigit((char) c) || c == '_' || c == '.' || c == ' ' || c == '$';
    }
}
