package io.delivery.metrics;

/** Every metric there is. The names are the contract with operators (docs/reference/metrics.md). */
public enum Metric {
    ACCEPTED_RECORDS(
            "delivery_accepted_records_total",
            Kind.COUNTER,
            "",
            "Records accepted: durable in the journal."),
    ACCEPTED_BYTES("delivery_accepted_bytes_total", Kind.COUNTER, "", "Bytes of accepted records."),
    SPLIT_RECORDS(
            "delivery_split_records_total",
            Kind.COUNTER,
            "",
            "Extra records made by de-aggregation."),
    LANDED_RECORDS(
            "delivery_landed_records_total",
            Kind.COUNTER,
            "",
            "Records in committed objects of the main output."),
    DROPPED_RECORDS(
            "delivery_dropped_records_total",
            Kind.COUNTER,
            "",
            "Records a processor removed on purpose."),
    ERROR_OUTPUT_RECORDS(
            "delivery_error_output_records_total",
            Kind.COUNTER,
            "reason",
            "Records in committed objects of the error output."),
    DAMAGED_RECORDS(
            "delivery_damaged_records_total",
            Kind.COUNTER,
            "",
            "Records lost to disk corruption. 0 on a healthy disk."),
    DISCARDED_RECORDS(
            "delivery_discarded_records_total",
            Kind.COUNTER,
            "",
            "Records deleted with their stream. The label stream is empty: the stream's own metrics"
                    + " are gone with it."),
    BUFFERED_RECORDS(
            "delivery_buffered_records", Kind.GAUGE, "", "Records accepted and not yet settled."),
    LANDED_OBJECTS("delivery_landed_objects_total", Kind.COUNTER, "", "Objects seen in the store."),
    LANDED_BYTES(
            "delivery_landed_bytes_total", Kind.COUNTER, "", "Bytes of objects seen in the store."),
    BACKUP_LANDED_RECORDS(
            "delivery_backup_landed_records_total",
            Kind.COUNTER,
            "",
            "Source records in committed backup objects."),
    BACKUP_LANDED_OBJECTS(
            "delivery_backup_landed_objects_total",
            Kind.COUNTER,
            "",
            "Backup objects seen in the store."),
    BACKUP_LANDED_BYTES(
            "delivery_backup_landed_bytes_total",
            Kind.COUNTER,
            "",
            "Bytes of backup objects seen in the store."),
    SEALS("delivery_seals_total", Kind.COUNTER, "trigger", "Ranges sealed."),
    THROTTLED_RECORDS(
            "delivery_throttled_records_total",
            Kind.COUNTER,
            "cause",
            "Records refused for want of room; the producer was told to come again. With the cause"
                    + " memory a call counts as one and the label stream is empty: it was not"
                    + " read."),
    FRESHNESS(
            "delivery_freshness_seconds",
            Kind.GAUGE,
            "",
            "Age of the oldest record that is not yet committed; 0 when there is none."),
    JOURNAL_BYTES("delivery_journal_bytes", Kind.GAUGE, "", "Bytes of the journal on disk."),
    SPOOL_BYTES("delivery_spool_bytes", Kind.GAUGE, "", "Bytes of spilled buffers on disk."),
    STAGING_BYTES("delivery_staging_bytes", Kind.GAUGE, "", "Bytes of staged objects on disk."),
    MEMORY_BYTES("delivery_memory_bytes", Kind.GAUGE, "", "Bytes of buffered records in memory."),
    JOURNAL_LIMIT_BYTES(
            "delivery_journal_limit_bytes",
            Kind.GAUGE,
            "",
            "The stream's present share of the disk for its journal."),
    JOURNAL_FULL_SECONDS(
            "delivery_journal_full_seconds",
            Kind.GAUGE,
            "",
            "Seconds until the journal is full at the present rate, rather too short than too long;"
                    + " +Inf when it does not grow, 0 while calls are refused."),
    ACTIVE_PARTITIONS("delivery_active_partitions", Kind.GAUGE, "", "Open partition buffers."),
    ACCEPT_SECONDS(
            "delivery_accept_seconds",
            Kind.HISTOGRAM,
            "",
            "Time from a decoded request to its durability."),
    FSYNC_SECONDS("delivery_fsync_seconds", Kind.HISTOGRAM, "", "Time of one journal fsync."),
    ENCODE_SECONDS(
            "delivery_encode_seconds", Kind.HISTOGRAM, "", "Time to encode and stage one object."),
    LAND_SECONDS("delivery_land_seconds", Kind.HISTOGRAM, "", "Time of one landing attempt."),
    JQ_SECONDS(
            "delivery_jq_seconds",
            Kind.HISTOGRAM,
            "",
            "Time of partition-key extraction for one batch."),
    JQ_LIMITED_RECORDS(
            "delivery_jq_limited_records_total",
            Kind.COUNTER,
            "limit",
            "Records whose partition query was ended by a limit: the record's own, or the stream's"
                    + " when the records before left too few steps."),
    VISIBLE_VOID_OBJECTS(
            "delivery_visible_void_objects",
            Kind.GAUGE,
            "",
            "Objects that were given up and are visible all the same: their records are in the"
                    + " store twice. 0 when all is well."),
    REDIRECTED_OBJECTS(
            "delivery_redirected_objects_total",
            Kind.COUNTER,
            "",
            "Objects that did not land and got another key by delivery redirect."),
    SKIPPED_RECORDS(
            "delivery_skipped_records_total",
            Kind.COUNTER,
            "to",
            "Records whose object did not land and was given up, because the store refuses its key"
                    + " or by delivery skip: into the error output, or the local folder."),
    RETRIES("delivery_retries_total", Kind.COUNTER, "operation", "Attempts beyond the first."),
    UNKNOWN_FIELDS(
            "delivery_unknown_fields_total",
            Kind.COUNTER,
            "",
            "Fields of records that the schema does not know."),
    CLOCK_STEPS(
            "delivery_clock_steps_total",
            Kind.COUNTER,
            "",
            "Steps of the wall clock by more than a second. The label stream is empty."),
    STREAM_HEALTHY(
            "delivery_stream_healthy",
            Kind.GAUGE,
            "",
            "1 when the stream is healthy, 0 when an operator should look."),
    BOOKS_BALANCED("delivery_books_balanced", Kind.GAUGE, "", "1 when the books balance.");

    /** How values behave. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final String metricName;
    private final Kind kind;
    private final String label;
    private final String description;

    Metric(String metricName, Kind kind, String label, String description) {
        this.metricName = metricName;
        this.kind = kind;
        this.label = label;
        this.description = description;
    }

    public String metricName() {
        return metricName;
    }

    public Kind kind() {
        return kind;
    }

    /** Name of the label beside {@code stream}; empty for none. */
    public String label() {
        return label;
    }

    public String description() {
        return description;
    }
}
