package io.delivery.landing;

import io.delivery.landing.LaneRecord.ObjectRecord;
import io.delivery.record.ObjectName;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody asks for recorded objects that do not land: another place for the same bytes, or
 * none.
 *
 * @param which objects it is about
 * @param way what is to become of them
 * @param looks what a store must say before a key is given up under which something was sent
 */
public record Diversion(Which which, Way way, Looks looks) {

    /** Which objects it is about. */
    public sealed interface Which {
        /** Whether it is about this one. */
        boolean includes(ObjectRecord object);

        /** The object with this key; bucket, or store and bucket, may stand before it. */
        record Key(String name) implements Which {
            @Override
            public boolean includes(ObjectRecord object) {
                return name.equals(object.name().key())
                        || name.equals(object.name().toString())
                        || name.equals(object.store() + "/" + object.name());
            }
        }

        /** All objects in this bucket; its store may stand before it. */
        record Bucket(String name) implements Which {
            @Override
            public boolean includes(ObjectRecord object) {
                return !object.isKeptLocally()
                        && (name.equals(object.name().bucket())
                                || name.equals(object.store() + "/" + object.name().bucket()));
            }
        }
    }

    /** What is to become of them. */
    public sealed interface Way {
        /**
         * They land under other keys.
         *
         * @param store empty for the one where each was to land
         * @param prefix put before their keys; empty for none
         */
        record Redirect(String store, String bucket, String prefix) implements Way {
            /** The store of this object then. */
            public String storeOf(ObjectRecord object) {
                return store.isEmpty() ? object.store() : store;
            }

            /**
             * The name of this object then. Steps that no store keeps as they are ({@code .},
             * {@code ..} and empty ones) are left out of the old key.
             */
            public ObjectName nameOf(ObjectRecord object) {
                List<String> steps = new ArrayList<>();
                for (String step : object.name().key().split("/")) {
                    if (!step.isEmpty() && !step.equals(".") && !step.equals("..")) {
                        steps.add(step);
                    }
                }
                String before = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
                return new ObjectName(bucket, before + String.join("/", steps));
            }
        }

        /**
         * They land nowhere: the records of the main output go to the error output. Objects of the
         * error output, and of a backup, go to a folder below the data directory.
         */
        record Skip(LocalFolder folder) implements Way {}
    }

    /** Whether a skip may put objects into the folder below the data directory. */
    public enum LocalFolder {
        ALLOWED,
        /** It is told which would go there, and nothing is done with them. */
        ASKS_FIRST
    }

    /** What a store must say before a key is given up for which a request may have been sent. */
    public enum Looks {
        /** Two looks must not see the object. */
        MUST_NOT_SEE_IT,
        /** The same; where looking is not allowed, somebody has looked and has not seen it. */
        MAY_BE_FORBIDDEN
    }
}
