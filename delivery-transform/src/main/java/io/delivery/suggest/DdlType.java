package io.delivery.suggest;

import java.util.Locale;
import java.util.Set;

/** Writes a type as Hive's and Athena's parsers read it: reserved words stand in back quotes. */
final class DdlType extends TypeText {
    /**
     * Words that can be no name without back quotes: Hive Language Manual, "Keywords, Non-reserved
     * Keywords and Reserved Keywords", up to Hive 3, and Athena's "Reserved keywords" in DDL.
     */
    private static final Set<String> RESERVED =
            Set.of(
                    ("all alter and array as authorization between bigint binary boolean both by"
                                    + " cache case cast char column commit conf constraint create"
                                    + " cross cube current current_date current_timestamp cursor"
                                    + " database date dayofweek decimal delete describe distinct div"
                                    + " double drop else end escaped except exchange exists explain"
                                    + " extended external extract false fetch first float floor"
                                    + " following for foreign from full function grant group"
                                    + " grouping having if import in inner insert int integer"
                                    + " intersect interval into is join last lateral left less like"
                                    + " local macro map merge minus more natural next none not null"
                                    + " nulls numeric of offset on only option or order out outer"
                                    + " over partialscan partition percent preceding precision"
                                    + " prepare preserve primary procedure range reads recursive"
                                    + " reduce references regexp revoke right rlike rollback rollup"
                                    + " row rows select set smallint snapshot start sync table"
                                    + " tablesample then time timestamp timestamplocaltz to"
                                    + " transform trigger true truncate unbounded union uniquejoin"
                                    + " update user using utc_timestamp values varchar views when"
                                    + " where window with")
                            .split(" "));

    /** Whether queries must put the name in quotes. */
    static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    String name(String name) {
        return name.matches("[a-z][a-z0-9_]*") && !isReserved(name)
                ? name
                : "`" + name.replace("`", "``") + "`";
    }
}
