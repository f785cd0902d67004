package io.delivery.cli;

import io.delivery.config.CatalogSettings;
import io.delivery.config.ConfigProblems;
import io.delivery.config.FormatSettings;
import io.delivery.format.CatalogException;
import io.delivery.format.RecordDecoder;
import io.delivery.format.SchemaCatalog;
import io.delivery.format.TableSchema;
import io.delivery.world.Clock;
import io.delivery.world.Disk;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What commands about tables need from outside.
 *
 * @param decoders read records as the service does
 * @param catalogs open a catalog of the configuration; the command closes it
 * @param files read a table that is in no catalog
 * @param fit looks whether the settings of a stream go with a table
 * @param runs process the records of a stream's journal
 * @param disk has the data directory
 * @param directories looks whether the data directory can be read
 * @param clock stands for the arrival of samples from a file
 * @param in where samples come from when no file is named
 */
public record SchemaTools(
        RecordDecoder.Factory decoders,
        Function<CatalogSettings, SchemaCatalog> catalogs,
        TableFiles files,
        SettingsFit fit,
        SampleRuns runs,
        Disk disk,
        DataDirectoryCheck directories,
        Clock clock,
        InputStream in) {
    /** Reads a table from a file. */
    @FunctionalInterface
    public interface TableFiles {
        /**
         * The table.
         *
         * @throws CatalogException when the file is not there or makes no sense
         */
        TableSchema read(Path file) throws CatalogException;
    }

    /** Looks whether the settings of a stream go with a table that it does not name. */
    @FunctionalInterface
    public interface SettingsFit {
        /**
         * What does not fit, in no particular order.
         *
         * @param stream path of the stream in the configuration
         */
        List<ConfigProblems.Problem> problems(
                String stream, FormatSettings.Converted settings, TableSchema table);
    }
}
