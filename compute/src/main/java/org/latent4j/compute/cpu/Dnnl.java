package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;
import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.LongPointer;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.cpu.OpenBlas.Operand;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** oneDNN's engine, stream, descriptors and status checks: the one place that knows them. */
final class Dnnl {
    static final engine ENGINE = new engine(engine.kind.cpu, 0);
    static final stream STREAM = new stream(ENGINE);

    /** Less is done before another thread has heard of it. */
    private static final double LEAST_SHARED_FLOPS = 1e5;

    private static final double LEAST_SHARED_BYTES = 1 << 15;

    /** Its OpenMP is oneDNN's, too. Apart, as ND4J is not there before somebody asks for it. */
    private static final class Nd4jThreads {
        static final NativeOps OPERATIONS = operations();

        private static NativeOps operations() {
            Nd4j.getExecutioner(); // loads ND4J
            return NativeOpsHolder.getInstance().getDeviceNativeOps();
        }
    }

    private Dnnl() {}

    static boolean hasBf16() {
        int isa = dnnl_get_effective_cpu_isa();
        return (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
    }

    static boolean hasAmx() {
        int isa = dnnl_get_effective_cpu_isa();
        return (isa & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
    }

    /** Processor features and library version: what timings are good for. */
    static String platform() {
        var version = dnnl_version();
        return "isa " + dnnl_get_effective_cpu_isa() + " oneDNN " + version.major() + "." + version.minor() + "."
                + version.patch();
    }

    /** Threads of one primitive. */
    static int threads() {
        return Nd4jThreads.OPERATIONS.ompGetMaxThreads();
    }

    private static void useThreads(int threads) {
        Nd4jThreads.OPERATIONS.setOmpNumThreads(threads);
    }

    /**
     * Prepares primitives. If what they do is too little to call other threads for, they run on their caller's thread alone.
     *
     * @param flops floating point operations of all of them
     * @param bytes that they read and write
     */
    static void prepare(double flops, double bytes, Runnable preparation) {
        int threads = threads();
        boolean alone = threads > 1 && flops < LEAST_SHARED_FLOPS && bytes < LEAST_SHARED_BYTES;
        if (!alone) {
            preparation.run();
            return;
        }
        useThreads(1);
        try {
            preparation.run();
        } finally {
            useThreads(threads);
        }
    }

    static memory.data_type type(DType type) {
        return switch (type) {
            case F32 -> memory.data_type.f32;
            case BF16 -> memory.data_type.bf16;
            case U8 -> memory.data_type.u8;
        };
    }

    static long bytes(memory.data_type type) {
        return dnnl_data_type_size(type.value);
    }

    static memory.desc desc(DType type, long[] sizes, long[] strides) {
        return new memory.desc(sizes, type(type), strides);
    }

    /** A plain format with numbers of another type. */
    static memory.desc like(memory.desc desc, memory.data_type type) {
        long[] sizes = new long[desc.get_ndims()];
        long[] strides = new long[sizes.length];
        desc.get_dims().get(sizes);
        desc.get_strides().get(strides);
        return new memory.desc(sizes, type, strides);
    }

    static memory.desc vector(DType type, long size) {
        return desc(type, new long[] {size}, new long[] {1});
    }

    /** Rows of {@code columns} numbers, one after the other. */
    static memory.desc matrix(DType type, long rows, long columns) {
        return desc(type, new long[] {rows, columns}, new long[] {columns, 1});
    }

    /** The library chooses the format. */
    static memory.desc any(DType type, long... sizes) {
        return new memory.desc(sizes, type(type), memory.format_tag.any);
    }

    /** Attributes with scratch memory that we provide. */
    static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl_scratchpad_mode_user);
        return attributes;
    }

    /** A format in words that two descriptors share only if they are the same. */
    static String describe(memory.desc desc) {
        StringBuilder text = new StringBuilder(desc.get_data_type().toString());
        append(text, " sizes", desc.get_dims(), desc.get_ndims());
        append(text, " strides", desc.get_strides(), desc.get_ndims());
        append(text, " blocks", desc.get_inner_blks(), desc.get_inner_nblks());
        append(text, " of", desc.get_inner_idxs(), desc.get_inner_nblks());
        return text.append(" bytes ").append(desc.get_size()).toString();
    }

    private static void append(StringBuilder text, String name, LongPointer numbers, int count) {
        text.append(name);
        for (int i = 0; i < count; i++) {
            text.append(' ').append(numbers.get(i));
        }
    }

    /** c = op(a) op(b) of floats, all row by row; c is (m, n), the sums run over k. */
    static void product(long m, long n, long k, Operand a, Operand b, long c, long strideC) {
        int status = dnnl_sgemm(
                (byte) (a.transposed() ? 'T' : 'N'),
                (byte) (b.transposed() ? 'T' : 'N'),
                m,
                n,
                k,
                1,
                RowMajor.floats(a.address()),
                a.stride(),
                RowMajor.floats(b.address()),
                b.stride(),
                0,
                RowMajor.floats(c),
                strideC);
        check(status, "a product of floats");
    }

    static void check(int status, String what) {
        if (status != dnnl_success) {
            throw new ComputeException("oneDNN failed with status " + status + " in " + what);
        }
    }

    /** A primitive with its arguments, executed without allocation. */
    static final class Call implements Kernel {
        private final String implementation;
        private final dnnl_primitive handle;
        private final dnnl_stream streamHandle = STREAM.get();
        private final dnnl_exec_arg_t arguments;
        private final int count;
        private final boolean alone = threads() == 1; // a primitive has room for the threads that it was made for
        private final List<Object> kept; // native objects die when the collector takes their Java owners

        private Call(
                String implementation, primitive primitive, dnnl_exec_arg_t arguments, int count, List<Object> kept) {
            this.implementation = implementation;
            this.handle = primitive.get();
            this.arguments = arguments;
            this.count = count;
            this.kept = kept;
        }

        String implementation() {
            return implementation;
        }

        @Override
        public void run() {
            int threads = alone ? threads() : 1;
            if (threads > 1) {
                useThreads(1);
            }
            int status = dnnl_primitive_execute(handle, streamHandle, count, arguments);
            if (threads > 1) {
                useThreads(threads);
            }
            if (status != dnnl_success) {
                check(status, implementation);
            }
        }
    }

    /** Collects a primitive's arguments. */
    static final class Arguments {
        private final List<Integer> ids = new ArrayList<>();
        private final List<Array> arrays = new ArrayList<>();

        Arguments with(int id, Array array) {
            ids.add(id);
            arrays.add(array);
            return this;
        }

        Call call(primitive_desc_base description, primitive primitive, Workspace workspace) {
            memory.desc scratch = description.scratchpad_desc();
            if (scratch.get_size() > 0) {
                with(DNNL_ARG_SCRATCHPAD, workspace.take(new memory.desc(scratch)));
            }
            dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(ids.size());
            List<Object> kept = new ArrayList<>(arrays);
            kept.add(description);
            kept.add(primitive);
            for (int i = 0; i < ids.size(); i++) {
                arguments
                        .position(i)
                        .arg(ids.get(i))
                        .memory(arrays.get(i).handle().get());
            }
            arguments.position(0);
            return new Call(description.impl_info_str().getString(), primitive, arguments, ids.size(), kept);
        }
    }
}
